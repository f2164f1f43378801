"""Core's own verbs in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("retention_changed", _("%(who)s endret hvor lenge noe lagres"))
audit_says("file_stored", _("%(who)s lastet opp en fil"))
audit_says("file_expired", _("En fil ble slettet da tiden dens var ute"))
audit_says("outbox_tried_again", _("%(who)s prøvde å sende noe på nytt"))
audit_says("outbox_put_away", _("%(who)s la bort noe som ikke kunne sendes"))
