"""People and access: invitations, roles, settings, one's own account."""

from django.urls import path

from partnerships.views import absence, invitation, membership, profile, reply, settings

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("invitasjon/kode/", invitation.invitation_code, name="invitation_code"),
    path("invitasjon/velkommen/", invitation.accept, name="invitation_accept"),
    path("invitasjon/<str:token>/", invitation.invitation_open, name="invitation_open"),
    path("svar/takk/", reply.reply_thanks, name="reply_thanks"),
    path("svar/<str:token>/", reply.reply_open, name="reply_open"),
    path("folk/roller/", membership.members, name="members"),
    path("folk/roller/inviter/", membership.invite, name="member_invite"),
    path("folk/roller/<int:pk>/", membership.change, name="membership_change"),
    path("folk/roller/<int:pk>/avslutt/", membership.end, name="membership_end"),
    path("folk/invitasjoner/<int:pk>/send/", membership.send_again, name="invitation_again"),
    path("folk/invitasjoner/<int:pk>/trekk/", membership.withdraw, name="invitation_withdraw"),
    path("bytt/", membership.switch, name="switch_membership"),
    path("innstillinger/", settings.municipality_settings, name="municipality_settings"),
    path("innstillinger/ord/", settings.words, name="municipality_words"),
    path("innstillinger/moduler/", settings.module_choice, name="municipality_modules"),
    path("innstillinger/logo/", settings.logo, name="municipality_logo"),
    path("innstillinger/logo/fjern/", settings.logo_remove, name="municipality_logo_remove"),
    path("fil/<uuid:pk>/", settings.stored_file, name="stored_file"),
    path("min-konto/", profile.profile, name="profile"),
    path("min-konto/bytt/<str:what>/", profile.contact_new, name="contact_new"),
    path("min-konto/bytt/<str:what>/kode/", profile.contact_confirm, name="contact_confirm"),
    path("borte/", absence.away, name="away"),
    path("borte/<int:pk>/tilbake/", absence.back, name="away_back"),
]
