"""A guardian's yes, by a link and a code."""

from django.urls import path

from volunteers.views import guardian

urlpatterns = [
    path("frivillige/<int:pk>/foresatt/spor/", guardian.ask, name="volunteer_guardian_ask"),
    path("foresatt/kode/", guardian.code, name="guardian_code"),
    path("foresatt/<str:token>/", guardian.link, name="guardian_open"),
]
