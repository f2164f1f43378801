"""Innspill to a process."""

from django.urls import path

from partnerships.views import proposal, proposal_answer

AT = "prosesser/<int:pk>/innspill/"
ONE = f"{AT}<int:number>/"

urlpatterns = [
    path(AT, proposal.proposals, name="proposals"),
    path(f"{AT}nytt/", proposal.proposal_new, name="proposal_new"),
    path(f"{AT}fra-lapper/", proposal.proposal_notes, name="proposal_notes"),
    path(f"{AT}alle-svar/", proposal.answers, name="proposal_answers"),
    path(ONE, proposal.proposal, name="proposal"),
    path(f"{ONE}endre/", proposal.change, name="proposal_change"),
    path(f"{ONE}trekk-tilbake/", proposal.take_back, name="proposal_take_back"),
    path(f"{ONE}stotte/", proposal.support, name="proposal_support"),
    path(f"{ONE}tema/", proposal.group, name="proposal_group"),
    path(f"{ONE}svar/", proposal_answer.answer, name="proposal_answer"),
    path(f"{ONE}kommentar/<int:comment>/bort/", proposal.comment_away, name="proposal_comment_away"),
]
