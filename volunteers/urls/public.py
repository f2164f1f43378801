"""For anybody: a municipality's page, where somebody is looked for, and signing up without an account."""

from django.urls import path

from volunteers.views import feeds, public, sign_up

urlpatterns = [
    path("kommune/<slug:number>/", public.municipality, name="municipality"),
    path("kommune/<slug:number>/sporsmal/", sign_up.ask_town, name="municipality_ask"),
    path("kommune/<slug:number>/bli-frivillig/", sign_up.interest_town, name="municipality_interest"),
    path("kommune/<slug:number>/tilbud.ics", feeds.ics, name="municipality_ics"),
    path("kommune/<slug:number>/oppdrag.rss", feeds.rss, name="municipality_rss"),
    path("kommune/<slug:number>/apent.json", feeds.as_json, name="municipality_json"),
    path("bli-frivillig/", public.find, name="become_volunteer"),
    path("bli-frivillig/kode/", sign_up.code, name="sign_up_code"),
    path("bli-frivillig/takk/<str:token>/", sign_up.thanks, name="sign_up_thanks"),
    path("bli-frivillig/<int:pk>/", public.opening, name="public_opening"),
    path("bli-frivillig/<int:pk>/sporsmal/", sign_up.ask_opening, name="opening_ask"),
    path("bli-frivillig/<int:pk>/meld-interesse/", sign_up.interest_opening, name="opening_interest"),
    path("bli-frivillig/<int:pk>/bli-med/", sign_up.join, name="opening_join"),
]
