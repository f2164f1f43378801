"""People, their roles, and standing in for each other."""

from django.urls import path

from partnerships.views import absence, membership, person

urlpatterns = [
    path("folk/roller/", membership.members, name="members"),
    path("folk/roller/inviter/", membership.invite, name="member_invite"),
    path("folk/roller/<int:pk>/", membership.change, name="membership_change"),
    path("folk/roller/<int:pk>/avslutt/", membership.end, name="membership_end"),
    path("folk/invitasjoner/<int:pk>/send/", membership.send_again, name="invitation_again"),
    path("folk/invitasjoner/<int:pk>/trekk/", membership.withdraw, name="invitation_withdraw"),
    path("folk/person/<int:pk>/", person.person, name="person"),
    path("folk/person/<int:pk>/vis/", person.contact_show, name="contact_show"),
    path("folk/person/<int:pk>/endre/", person.person_edit, name="person_edit"),
    path("folk/person/<int:pk>/kopi/", person.person_export, name="person_export"),
    path("folk/person/<int:pk>/hold/", person.person_holding, name="person_hold"),
    path("folk/person/<int:pk>/slett/", person.person_erasing, name="person_erase"),
    path("folk/sletting/<int:pk>/", person.erasure_answer, name="erasure_answer"),
    path("bytt/", membership.switch, name="switch_membership"),
    path("borte/", absence.away, name="away"),
    path("borte/<int:pk>/tilbake/", absence.back, name="away_back"),
]
