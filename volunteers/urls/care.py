"""How volunteers are looked after, thanked and said goodbye to."""

from django.urls import path

from volunteers.views import care

urlpatterns = [
    path("frivillige/hvorfor-slutt/", care.reasons, name="leaving_reasons"),
    path("frivillige/avklaringssamtale/", care.guide, name="clarify_guide"),
    path("frivillige/<int:pk>/oppfolging/", care.add, name="care_step_add"),
    path("frivillige/<int:pk>/notat/", care.note, name="care_note_add"),
    path("frivillige/<int:pk>/takk/", care.thank, name="thanks_give"),
    path("frivillige/<int:pk>/gi-min-side/", care.page_tell, name="own_page_tell"),
    path("frivillige/<int:pk>/bekreftelse/", care.confirm_choose, name="volunteer_confirmation"),
    path("frivillige/<int:pk>/bekreftelse.pdf", care.confirm_pdf, name="volunteer_confirmation_pdf"),
    path("frivillige/oppfolging/<int:pk>/gjort/", care.done, name="care_step_done"),
    path("frivillige/oppfolging/<int:pk>/dropp/", care.let_go, name="care_step_let_go"),
    path("frivillige/oppfolging/<int:pk>/flytt/", care.move, name="care_step_move"),
    path("frivillige/oppfolging/<int:pk>/tid/", care.talk, name="care_talk"),
    path("frivillige/notat/<int:pk>/bort/", care.note_remove, name="care_note_remove"),
    path("frivillige/samtale/<str:token>.ics", care.talk_file, name="care_talk_file"),
]
