"""Participants of a process: coming by link, and what she and the convener do."""

from django.urls import path

from partnerships.views import participant, participant_link

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("prosess/", participant_link.participant_find, name="participant_find"),
    path("prosess/kode/", participant_link.participant_code, name="participant_code"),
    path("prosess/ut/", participant_link.participant_out, name="participant_out"),
    path("prosess/<str:token>/", participant_link.participant_open, name="participant_open"),
    path("prosesser/<int:pk>/svar/", participant.answer, name="participant_answer"),
    path("prosesser/<int:pk>/min-plass/", participant.home, name="participant_home"),
]
