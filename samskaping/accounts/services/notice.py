"""«Somebody changed how you sign in»: so that she hears of it when it was not her."""

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from samskaping.accounts.models import User
from samskaping.core.mail import send_mail
from samskaping.core.models import AuditEvent, Outbox
from samskaping.core.services.outbox import Undeliverable, outbox_add, outbox_handler
from samskaping.core.sms import send_sms

KIND = "accounts.security_notice"
SENTENCES = {
    "password_changed": gettext_lazy("Passordet ditt er endret. Du er logget ut alle andre steder."),
    "factor_added": gettext_lazy("En app eller passnøkkel er lagt til på kontoen din."),
    "factor_removed": gettext_lazy("En app eller passnøkkel er fjernet fra kontoen din."),
    "recovery_codes_made": gettext_lazy(
        "Det er laget nye reservekoder for kontoen din. De gamle virker ikke lenger."
    ),
    "work_account_linked": gettext_lazy("En arbeidskonto er koblet til kontoen din."),
}


@transaction.atomic
def security_notice(*, user: User, what: str, event: AuditEvent) -> None:
    """Promises the notice of this one event. Raises KeyError for an event nobody wrote a sentence for."""
    _sentence = SENTENCES[what]
    outbox_add(KIND, str(event.pk), payload={"user": user.pk, "what": what})


@outbox_handler(KIND)
def _send(row: Outbox) -> bool:
    user = User.objects.filter(pk=row.payload["user"], is_active=True).first()
    if user is None:
        return False
    language = user.language or settings.LANGUAGE_CODE
    if user.email:
        context: dict[str, object] = {"sentence": SENTENCES[row.payload["what"]]}
        send_mail(row, to=user.email, template="security_notice", context=context, language=language)
        return True
    if not user.phone:
        raise Undeliverable("no_address")
    with translation.override(language):
        text = _("Samskaping: %(sentence)s Var det ikke deg? Logg inn og se «Sikkerhet».") % {
            "sentence": SENTENCES[row.payload["what"]]
        }
    send_sms(row, number=user.phone, text=text)
    return True
