"""Invitations."""

from django.urls import path

from partnerships.views import invitation

urlpatterns = [
    # The clean addresses first: none of these words is a token.
    path("invitasjon/kode/", invitation.invitation_code, name="invitation_code"),
    path("invitasjon/velkommen/", invitation.accept, name="invitation_accept"),
    path("invitasjon/<str:token>/", invitation.invitation_open, name="invitation_open"),
]
