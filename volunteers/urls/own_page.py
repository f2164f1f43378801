"""Min side of a volunteer; the page itself is at `/min-side/` (dashboards)."""

from django.urls import path

from volunteers.views import own_page

urlpatterns = [
    path("min-side/frivillig/<int:pk>/om-meg/", own_page.edit, name="own_edit"),
    path("min-side/frivillig/<int:pk>/pause/", own_page.pause, name="own_pause"),
    path("min-side/frivillig/<int:pk>/tilbake/", own_page.back, name="own_return"),
    path("min-side/frivillig/<int:pk>/slutt/", own_page.end, name="own_end"),
    path("min-side/frivillig/<int:pk>/takk/", own_page.goodbye, name="own_goodbye"),
    path("min-side/frivillig/<int:pk>/bekreftelse/", own_page.confirm_choose, name="own_confirmation"),
    path("min-side/frivillig/<int:pk>/bekreftelse.pdf", own_page.confirm_pdf, name="own_confirmation_pdf"),
    path("min-side/samtale/<int:pk>/svar/", own_page.talk_answer, name="own_talk_answer"),
    path("min-side/maneden.pdf", own_page.month, name="own_month"),
    path("frivillige/<int:pk>/maneden.pdf", own_page.month_for, name="volunteer_month"),
]
