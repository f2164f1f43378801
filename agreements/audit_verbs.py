"""What is done with agreements, in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("agreement_registered", _("%(who)s registrerte avtalen"))
audit_says("agreement_changed", _("%(who)s endret avtalen"))
audit_says("agreement_ended", _("%(who)s avsluttet avtalen før tiden"))
audit_says("agreement_resumed", _("%(who)s angret at avtalen var avsluttet"))
audit_says("agreement_file_changed", _("%(who)s la inn avtalen som PDF"))
