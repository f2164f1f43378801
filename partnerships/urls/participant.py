"""Participants of a process: coming by link, and what she and the convener do."""

from django.urls import path

from partnerships.views import participant, participant_link, participants, process_task

AT = "prosesser/<int:pk>/"
ONE = f"{AT}deltakere/<int:number>/"

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("prosess/", participant_link.participant_find, name="participant_find"),
    path("prosess/kode/", participant_link.participant_code, name="participant_code"),
    path("prosess/ut/", participant_link.participant_out, name="participant_out"),
    path("prosess/<str:token>/", participant_link.participant_open, name="participant_open"),
    path(f"{AT}svar/", participant.answer, name="participant_answer"),
    path(f"{AT}min-plass/", participant.home, name="participant_home"),
    path(f"{AT}min-plass/navn/", participant.consent, name="participant_consent"),
    path(f"{AT}min-plass/tilrettelegging/", participant.adaptation, name="participant_adaptation"),
    path(f"{AT}min-plass/ut/", participant.leave, name="participant_leave"),
    path(f"{AT}deltakere/", participants.participants, name="participants"),
    path(f"{AT}deltakere/inviter/", participants.invite, name="participant_invite"),
    path(f"{AT}deltakere/brev/", participants.letter, name="participant_letter"),
    path(ONE, participants.participant, name="participant"),
    path(f"{ONE}svar/", participants.answer_for, name="participant_answer_for"),
    path(f"{ONE}side/", participants.side, name="participant_side"),
    path(f"{ONE}igjen/", participants.again, name="participant_again"),
    path(f"{ONE}tilrettelegging/", participants.adaptation_for, name="participant_adaptation_for"),
    path(f"{ONE}ut/", participants.remove, name="participant_remove"),
    path(f"{AT}oppgaver/", process_task.tasks, name="process_tasks"),
    path(f"{AT}oppgaver/<int:number>/", process_task.step, name="process_task_step"),
]
