"""The volunteers of an offer, and of each of its times."""

from django.urls import path

from volunteers.views import crew, time

urlpatterns = [
    path("tilbud/<int:pk>/frivillige/", crew.crew, name="offer_crew"),
    path("tilbud/<int:pk>/frivillige/oppsett/", crew.edit, name="offer_crew_edit"),
    path("tilbud/<int:pk>/frivillige/legg-til/", crew.add, name="offer_crew_add"),
    path("tilbud/<int:pk>/frivillige/<int:volunteer>/ut/", crew.out, name="offer_crew_out"),
    path("tilbud/<int:pk>/timer/", crew.hours, name="offer_hours"),
    path("tilbud/gang/<int:pk>/frivillige/", time.occurrence_crew, name="occurrence_crew"),
    path("tilbud/gang/<int:pk>/frivillige/svar/", time.shift_set, name="shift_set"),
    path("tilbud/gang/<int:pk>/frivillige/spor/", time.ask_all, name="shift_ask_all"),
    path("tilbud/gang/<int:pk>/frivillige/oppmote/", time.attendance, name="attendance"),
    path("tilbud/gang/<int:pk>/frivillige/kom/", time.mark_one, name="attendance_one"),
    path("tilbud/gang/<int:pk>/frivillige/takk/", time.thank, name="shift_thank"),
]
