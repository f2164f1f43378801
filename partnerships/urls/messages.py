"""What is sent and answered: messages, letters, calls."""

from django.urls import path

from partnerships.views import call, letter, notice, reply

urlpatterns = [
    path("brev/", letter.letters, name="letters"),
    path("brev/skriv-ut/", letter.print_all, name="letters_print"),
    path("brev/adresse/<int:pk>/", letter.address, name="post_address"),
    path("brev/utskrift/<int:pk>/", letter.run, name="print_run"),
    path("brev/utskrift/<int:pk>/postlagt/", letter.posted, name="print_run_posted"),
    path("brev/utskrift/<int:pk>/angre/", letter.not_posted, name="print_run_not_posted"),
    path("brev/<int:pk>/svar/", letter.answer, name="letter_answer"),
    path("ringeliste/", call.calls, name="calls"),
    path("ringeliste/<int:pk>/", call.one, name="call"),
    path("svar/takk/", reply.reply_thanks, name="reply_thanks"),
    path("svar/<str:token>/", reply.reply_open, name="reply_open"),
    path("meldinger/", notice.notices, name="notices"),
    path("meldinger/<int:pk>/", notice.notice_page, name="notice_page"),
    path("meldinger/<int:pk>/vent/", notice.snooze, name="notice_snooze"),
    path("meldinger/<int:pk>/ikke-send/", notice.stop, name="notice_stop"),
    path("meldinger/<int:pk>/igjen/", notice.again, name="notice_again"),
]
