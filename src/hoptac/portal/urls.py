from django.urls import path

from hoptac.portal import feeds, matters, news, searching, texts, views

app_name = "portal"
urlpatterns = [
    path("", views.home, name="home"),
    path("cooperations/<slug:slug>/", views.cooperation, name="cooperation"),
    path("cooperations/<slug:slug>/sum/", views.sum_page, name="cooperation-sum"),
    path("cooperations/<slug:slug>/records/", views.cooperation_records, name="cooperation-records"),
    path("records/", views.records, name="records"),
    path("records.csv", views.records_csv, name="records-csv"),
    path("places/", views.places, name="places"),
    path("places.csv", views.places_csv, name="places-csv"),
    path("places/<slug:slug>/", views.place, name="place"),
    path("places/<slug:slug>/sum/", views.place_sum, name="place-sum"),
    path("records/<slug:slug>/", views.record, name="record"),
    path("parties/<slug:slug>/", views.party, name="party"),
    path("promises/", matters.promises, name="promises"),
    path("promises.csv", matters.promises_csv, name="promises-csv"),
    path("meetings/", matters.meetings, name="meetings"),
    path("meetings.csv", matters.meetings_csv, name="meetings-csv"),
    path("news/", news.news, name="news"),
    path("news/feed.atom", feeds.news_feed, name="news-feed"),
    path("news/photos/<slug:sha256>.<slug:ending>", news.photo, name="photo"),
    path("news/<int:pk>/", news.story, name="story-by-number"),
    path("news/<int:pk>-<slug:slug>/", news.story, name="story"),
    path("search/", searching.search, name="search"),
    path("new/", feeds.new, name="new"),
    path("new.atom", feeds.new_feed, name="new-feed"),
    path("about/counting/", texts.counting, name="counting"),
    path("about/data/", texts.data, name="data"),
    path("corrections/", texts.correct, name="correct"),
    path("corrections/thanks/", texts.thanks, name="thanks"),
    path("embed/cooperations/<slug:slug>/", texts.embed, name="embed"),
    path("sitemap.xml", feeds.sitemap_index, name="sitemap-index"),
    path("sitemap-<slug:section>-<int:number>.xml", feeds.sitemap, name="sitemap"),
    path("robots.txt", feeds.robots, name="robots"),
]
