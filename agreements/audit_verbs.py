"""What is done with agreements, in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("agreement_registered", _("%(who)s registrerte avtalen"))
audit_says("agreement_changed", _("%(who)s endret avtalen"))
audit_says("agreement_ended", _("%(who)s avsluttet avtalen før tiden"))
audit_says("agreement_resumed", _("%(who)s angret at avtalen var avsluttet"))
audit_says("agreement_file_changed", _("%(who)s la inn avtalen som PDF"))
audit_says("agreement_started", _("%(who)s begynte på avtalen"))
audit_says("agreement_section_changed", _("%(who)s endret et punkt i avtalen"))
audit_says("agreement_section_added", _("%(who)s la til et punkt i avtalen"))
audit_says("agreement_shared", _("%(who)s delte utkastet med de andre partene"))
audit_says("agreement_gap_skipped", _("%(who)s lot noe i avtalen stå tomt, med en grunn"))
audit_says("agreement_gap_reopened", _("%(who)s vil likevel fylle ut noe som sto tomt"))
audit_says("agreement_suggested", _("%(who)s foreslo en annen ordlyd"))
audit_says("agreement_suggestion_taken_in", _("%(who)s tok inn et forslag i avtalen"))
audit_says("agreement_suggestion_declined", _("%(who)s sa nei til et forslag, med en grunn"))
audit_says("agreement_suggestion_taken_back", _("%(who)s trakk et forslag tilbake"))
audit_says("agreement_text_adapted", _("%(who)s laget en egen utgave av en avtaletekst"))
audit_says("agreement_text_changed", _("%(who)s endret en avtaletekst"))
audit_says("agreement_sealed", _("Avtalen er signert av alle og låst"))
audit_says("agreement_evidence_fetched", _("%(who)s hentet bevispakken"))
