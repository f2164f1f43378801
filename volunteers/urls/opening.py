"""Looking for somebody, and answering those who wrote."""

from django.urls import path

from volunteers.views import opening, poster, sign_up_answer

urlpatterns = [
    path("tilbud/<int:pk>/oppdrag/ny/", opening.new, name="opening_new"),
    path("tilbud/<int:pk>/plakat.pdf", poster.of_offer, name="offer_poster"),
    path("tilbud/oppdrag/<int:pk>/", opening.opening, name="opening"),
    path("tilbud/oppdrag/<int:pk>/endre/", opening.edit, name="opening_edit"),
    path("tilbud/oppdrag/<int:pk>/ta-ned/", opening.close, name="opening_close"),
    path("tilbud/oppdrag/<int:pk>/legg-ut/", opening.reopen, name="opening_reopen"),
    path("tilbud/oppdrag/<int:pk>/plakat.pdf", poster.of_opening, name="opening_poster"),
    path("frivillige/plakat.pdf", poster.of_municipality, name="municipality_poster"),
    path("frivillige/henvendelser/", sign_up_answer.sign_ups, name="sign_ups"),
    path("frivillige/henvendelser/<int:pk>/", sign_up_answer.sign_up, name="sign_up"),
    path("frivillige/henvendelser/<int:pk>/svar/", sign_up_answer.answer, name="sign_up_answer"),
    path("frivillige/henvendelser/<int:pk>/ta-inn/", sign_up_answer.take_in, name="sign_up_take_in"),
    path("frivillige/henvendelser/<int:pk>/ikke-na/", sign_up_answer.not_now, name="sign_up_not_now"),
]
