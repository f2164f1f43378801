"""Volunteers, and what is done with each."""

from django.urls import path

from volunteers.views import volunteer, volunteer_edit, volunteer_step

_ONE = "frivillige/<int:pk>/"

urlpatterns = [
    path("frivillige/", volunteer.volunteers, name="volunteers"),
    path("frivillige/liste.csv", volunteer.as_file, name="volunteers_csv"),
    path("frivillige/uten-navn/", volunteer.unnamed, name="volunteers_unnamed"),
    path("frivillige/ny/", volunteer.new, name="volunteer_new"),
    path(_ONE, volunteer.volunteer, name="volunteer"),
    path(f"{_ONE}vis/", volunteer.contact_show, name="volunteer_contact_show"),
    path(f"{_ONE}endre/", volunteer_edit.about, name="volunteer_edit"),
    path(f"{_ONE}kontakt/", volunteer_edit.contact, name="volunteer_contact"),
    path(f"{_ONE}foresatt/", volunteer_edit.guardian, name="volunteer_guardian"),
    path(f"{_ONE}foresatt/slett/", volunteer_edit.guardian_out, name="volunteer_guardian_out"),
    path(f"{_ONE}i-gang/", volunteer_step.activate, name="volunteer_activate"),
    path(f"{_ONE}besvart/", volunteer_step.answered, name="volunteer_answered"),
    path(f"{_ONE}pause/", volunteer_step.pause, name="volunteer_pause"),
    path(f"{_ONE}tilbake/", volunteer_step.back, name="volunteer_return"),
    path(f"{_ONE}avslutt/", volunteer_step.end, name="volunteer_end"),
    path(f"{_ONE}ta-inn-igjen/", volunteer_step.end_undo, name="volunteer_end_undo"),
    path(f"{_ONE}oppdrag/ny/", volunteer_step.assign, name="assignment_new"),
    path("frivillige/oppdrag/<int:pk>/status/", volunteer_step.assignment_state, name="assignment_state"),
    path("frivillige/oppdrag/<int:pk>/del/", volunteer_step.assignment_share, name="assignment_share"),
    path("frivillige/deling/<int:pk>/slutt/", volunteer_step.share_end, name="volunteer_share_end"),
]
