"""The words of what is done with volunteers and their assignments."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("volunteer_added", _("%(who)s la inn en frivillig"))
audit_says("volunteer_back", _("%(who)s tok inn igjen en frivillig"))
audit_says("volunteer_changed", _("%(who)s endret opplysninger om en frivillig"))
audit_says("volunteer_answered", _("%(who)s svarte en som vil bli frivillig"))
audit_says("volunteer_activated", _("%(who)s merket en frivillig som i gang"))
audit_says("volunteer_paused", _("%(who)s satte en frivillig på pause"))
audit_says("volunteer_returned", _("%(who)s merket en frivillig som tilbake"))
audit_says("volunteer_ended", _("%(who)s avsluttet for en frivillig"))
audit_says("assignment_made", _("%(who)s la inn et oppdrag"))
audit_says("assignment_set", _("%(who)s endret status på et oppdrag"))
audit_says("volunteer_shared", _("%(who)s delte en frivillig"))
audit_says("volunteer_unshared", _("%(who)s sluttet å dele en frivillig"))


def register() -> None:
    """Menu and pages come with the record."""
