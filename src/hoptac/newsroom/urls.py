from django.urls import path

from hoptac.newsroom import notices, stories

app_name = "newsroom"
urlpatterns = [
    path("news/", stories.stories, name="stories"),
    path("news.csv", stories.stories_csv, name="stories-csv"),
    path("news/records/", stories.pick, name="pick"),
    path("news/new/", stories.new, name="new"),
    path("news/<int:pk>/", stories.story, name="story"),
    path("news/<int:pk>/publish/", stories.put_out, name="publish"),
    path("news/<int:pk>/photos/", stories.add_photo, name="photo-add"),
    path("news/<int:pk>/photos/<int:photo>/", stories.drop_photo, name="photo-drop"),
    path("news/photos/<slug:sha256>/", stories.photo, name="photo"),
    path("notices/", notices.notices, name="notices"),
    path("notices.csv", notices.notices_csv, name="notices-csv"),
    path("notices/<int:pk>/", notices.notice, name="notice"),
]
