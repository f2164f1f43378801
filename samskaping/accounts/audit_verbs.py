"""The sign-in's verbs in words."""

from django.utils.translation import gettext_lazy as _

from samskaping.core.audit_words import audit_says

audit_says("signed_in", _("%(who)s logget inn"))
audit_says("sessions_ended", _("%(who)s avsluttet åpne innlogginger"))
audit_says("code_used", _("En engangskode ble brukt"))
audit_says("password_changed", _("%(who)s byttet passord"))
audit_says("factor_added", _("%(who)s satte opp innlogging i to trinn"))
audit_says("factor_removed", _("%(who)s tok bort en måte å logge inn i to trinn på"))
audit_says("factor_failed", _("Det andre trinnet i en innlogging ble ikke godtatt"))
audit_says("recovery_codes_made", _("%(who)s laget nye gjenopprettingskoder"))
audit_says("work_account_linked", _("%(who)s koblet til arbeidskontoen sin"))
audit_says("account_closed", _("%(who)s avsluttet en konto"))
