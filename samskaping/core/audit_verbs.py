"""Core's own verbs in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("retention_changed", _("%(who)s endret hvor lenge noe lagres"))
audit_says("file_stored", _("%(who)s lastet opp en fil"))
