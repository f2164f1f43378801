"""The words of what is done with requirements, guardians and the police certificate. Never what it says."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("requirement_asked", _("%(who)s ba en frivillig om noe som kreves"))
audit_says("requirement_met", _("%(who)s førte at et krav er i orden"))
audit_says("requirement_cleared", _("%(who)s tok bort noe som var ført ved en feil"))
audit_says("exemption_given", _("%(who)s ga unntak fra et krav"))
audit_says("exemption_ended", _("%(who)s tok bort et unntak"))
audit_says("guardian_set", _("%(who)s førte hvem som er foresatt"))
audit_says("guardian_removed", _("%(who)s tok bort en foresatt"))
audit_says("police_fact_set", _("%(who)s førte noe om politiattest"))
audit_says("police_fact_seen", _("%(who)s så på hva som er ført om politiattest"))
audit_says("police_fact_removed", _("%(who)s tok bort det som var ført om politiattest"))
audit_says("police_responsible_named", _("%(who)s pekte ut ansvarlig for politiattester"))
audit_says("police_responsible_ended", _("%(who)s fjernet en ansvarlig for politiattester"))


def register() -> None:
    """Pages come with the record."""
