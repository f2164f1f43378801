"""Participants: what they are sent, and the words of what they do."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("participant_joined", _("%(who)s sa ja til å være med i gruppa"))
audit_says("participant_declined", _("%(who)s sa nei til å være med i gruppa"))
audit_says("participant_consent", _("%(who)s bestemte om gruppa ser navnet"))
audit_says("participant_left", _("%(who)s gikk ut av gruppa"))


def register() -> None:
    from partnerships import participant_messages  # noqa: F401 - registers what is sent
