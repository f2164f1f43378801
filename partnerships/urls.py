"""People and access: invitations, roles, settings, one's own account."""

from django.urls import path

from partnerships.views import absence, call, invitation, letter, membership, profile, reply, settings

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("invitasjon/kode/", invitation.invitation_code, name="invitation_code"),
    path("invitasjon/velkommen/", invitation.accept, name="invitation_accept"),
    path("invitasjon/<str:token>/", invitation.invitation_open, name="invitation_open"),
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
    path("min-konto/", profile.profile, name="profile"),
    path("min-konto/bytt/<str:what>/", profile.contact_new, name="contact_new"),
    path("min-konto/bytt/<str:what>/kode/", profile.contact_confirm, name="contact_confirm"),
    path("borte/", absence.away, name="away"),
    path("borte/<int:pk>/tilbake/", absence.back, name="away_back"),
]
