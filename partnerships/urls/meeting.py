"""Meetings of a process: a day, an agenda, who came, and what was agreed."""

from django.urls import path

from partnerships.views import meeting, minutes

AT = "prosesser/<int:pk>/moter/"
ONE = f"{AT}<int:meeting>/"

urlpatterns = [
    path(AT, meeting.meetings, name="meetings"),
    path(f"{AT}nytt/", meeting.meeting_new, name="meeting_new"),
    path(ONE, meeting.meeting, name="meeting"),
    path(f"{ONE}endre/", meeting.meeting_edit, name="meeting_edit"),
    path(f"{ONE}tider/", meeting.meeting_days, name="meeting_days"),
    path(f"{ONE}svar/", meeting.meeting_own_answer, name="meeting_own_answer"),
    path(f"{ONE}svar/<int:participant>/", meeting.meeting_answer_for, name="meeting_answer_for"),
    path(f"{ONE}velg/", meeting.meeting_choose, name="meeting_choose"),
    path(f"{ONE}avlys/", meeting.cancel, name="meeting_cancel"),
    path(f"{ONE}vis-til-alle/", meeting.share, name="meeting_share"),
    path(f"{ONE}mote.ics", meeting.calendar, name="meeting_calendar"),
    path(f"{ONE}saker/", minutes.item_add, name="meeting_item_add"),
    path(f"{ONE}saker/<int:item>/flytt/", minutes.item_move, name="meeting_item_move"),
    path(f"{ONE}saker/<int:item>/bort/", minutes.item_remove, name="meeting_item_remove"),
    path(f"{ONE}oppmote/", minutes.attendance, name="meeting_attendance"),
    path(f"{ONE}jeg-var-der/", minutes.was_there, name="meeting_was_there"),
    path(f"{ONE}referat/", minutes.minutes, name="minutes"),
    path(f"{ONE}referat/skriv/", minutes.minutes_write, name="minutes_write"),
    path(f"{ONE}referat/send/", minutes.send, name="minutes_send"),
    path(f"{ONE}referat/svar/", minutes.own_answer, name="minutes_own_answer"),
    path(f"{ONE}referat/svar/<int:participant>/", minutes.answer_for, name="minutes_answer_for"),
]
