"""What is done on these pages, in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("together_sent", _("%(who)s sendte «Dette har vi sammen»"))
