"""Partnerships: the list, the start, each one's page and what is done to it."""

from django.urls import path

from partnerships.views import partnership, party, phase

urlpatterns = [
    path("samarbeid/", partnership.partnerships, name="partnerships"),
    path("samarbeid/tavle/", partnership.board, name="partnership_board"),
    path("samarbeid/parter/", partnership.names_of_parties, name="party_names"),
    path("samarbeid/start/", partnership.start, name="partnership_start"),
    path("samarbeid/<int:pk>/", partnership.partnership, name="partnership"),
    path("samarbeid/<int:pk>/endre/", partnership.edit, name="partnership_edit"),
    path("samarbeid/<int:pk>/fase/", phase.phase, name="partnership_phase"),
    path("samarbeid/<int:pk>/spor/", phase.track, name="partnership_track"),
    path("samarbeid/<int:pk>/pause/", phase.pause, name="partnership_pause"),
    path("samarbeid/<int:pk>/ta-opp/", phase.resume, name="partnership_resume"),
    path("samarbeid/<int:pk>/avslutt/", phase.end, name="partnership_end"),
    path("samarbeid/<int:pk>/apne-igjen/", phase.reopen, name="partnership_reopen"),
    path("samarbeid/<int:pk>/parter/ny/", party.party_new, name="party_new"),
    path("samarbeid/part/<int:pk>/", party.party_asked, name="party_asked"),
    path("samarbeid/part/<int:pk>/ut/", party.party_out, name="party_out"),
    path("samarbeid/part/<int:pk>/kontakt/", party.contact_new, name="party_contact"),
    path("samarbeid/kontakt/<int:pk>/bort/", party.contact_out, name="party_contact_remove"),
    path("samarbeid/nabo/<int:pk>/", party.neighbour_asked, name="neighbour_asked"),
    path("samarbeid/nabo/<int:pk>/trekk/", party.neighbour_back, name="neighbour_withdraw"),
    path("samarbeid/<int:pk>/logg/", phase.log, name="partnership_log"),
    path("samarbeid/<int:pk>/logg/ny/", phase.log_new, name="log_new"),
    path("samarbeid/logg/<int:pk>/", phase.log_edit, name="log_edit"),
    path("samarbeid/logg/<int:pk>/gjort/", phase.log_tick, name="log_tick"),
    path("samarbeid/<int:pk>/tilskudd/", phase.grant_new, name="grant_new"),
    path("samarbeid/tilskudd/<int:pk>/", phase.grant_edit, name="grant_edit"),
    path("samarbeid/tilskudd/<int:pk>/rapportert/", phase.grant_done, name="grant_reported"),
]
