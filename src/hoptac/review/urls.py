from django.urls import path

from hoptac.review import views, writing

app_name = "review"
urlpatterns = [
    path("", views.reviews, name="reviews"),
    path("reviews.csv", views.reviews_csv, name="reviews-csv"),
    path("new/", writing.new, name="new"),
    path("<slug:slug>/", views.review, name="review"),
    path("<slug:slug>/contributions/", views.rows, name="rows"),
    path("<slug:slug>/contributions.csv", views.rows_csv, name="rows-csv"),
    path("<slug:slug>/annex/<slug:key>/", views.annex, name="annex"),
    path("<slug:slug>/paper/<str:name>", views.paper, name="paper"),
    path("<slug:slug>/words/", writing.words, name="words"),
    path("<slug:slug>/asks/", writing.asks, name="asks"),
    path("<slug:slug>/details/", writing.details, name="details"),
    path("<slug:slug>/agree/", writing.say_agreed, name="agree"),
    path("<slug:slug>/renew/", writing.renew, name="renew"),
]
