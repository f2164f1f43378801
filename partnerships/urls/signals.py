"""Spørsmål og svar."""

from django.urls import path

from partnerships.views import signal, signal_raise

urlpatterns = [
    path("sporsmal/", signal.signals, name="signals"),
    path("sporsmal/nytt/", signal_raise.from_inbox, name="signal_new"),
    path("sporsmal/<int:pk>/", signal.signal, name="signal"),
    path("sporsmal/<int:pk>/sett/", signal.seen, name="signal_seen"),
    path("sporsmal/<int:pk>/svar/", signal.answer, name="signal_answer"),
    path("sporsmal/<int:pk>/send-videre/", signal.forward, name="signal_forward"),
    path("sporsmal/<int:pk>/trekk-tilbake/", signal.take_back, name="signal_take_back"),
    path("sporsmal/<int:pk>/lukk/", signal.close, name="signal_close"),
    path("sporsmal/<int:pk>/sporr-videre/", signal_raise.follow_up, name="signal_follow_up"),
    path("samarbeid/<int:pk>/sporsmal/nytt/", signal_raise.from_partnership, name="signal_raise"),
]
