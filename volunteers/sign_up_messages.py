"""What somebody who wrote from the public pages is sent: that it came, a code, and the answer."""

from collections.abc import Iterator

from django.conf import settings
from django.urls import reverse
from django.utils import formats, translation
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.messages import send_to, usable_code
from partnerships.public import contact_point
from partnerships.selectors.offer import when
from samskaping.core.models import Outbox
from samskaping.core.services.one_time_code import one_time_code_digits
from samskaping.core.services.outbox import outbox_handler
from samskaping.core.sms import shown_number
from samskaping.core.templatetags.letters import without_links
from volunteers.models import SignUp
from volunteers.models.sign_up import SignUpKind
from volunteers.selectors.sign_up import address_of, message_channel, who_answers
from volunteers.services.sign_up import sign_up_code_is_for, sign_up_token

READ_WITH = ("municipality__settings", "centre", "organisation", "opening__offer")


def sign_up_link(sign_up: SignUp) -> str:
    """The whole address, for a message to her. Made when it leaves; the same at every try."""
    return settings.SITE_URL + reverse("sign_up_thanks", args=[sign_up_token(sign_up)])


@outbox_handler("sign_up_code")
def send_sign_up_code(row: Outbox) -> bool:
    sign_up, code = _find(row), usable_code(row)
    if sign_up is None or code is None or not sign_up_code_is_for(code, sign_up):
        return False
    digits = one_time_code_digits(code)
    with translation.override(sign_up.language):
        sms = _("%(code)s er koden din til Samskaping. Den gjelder i ti minutter.") % {"code": digits}
    _send(row, sign_up, template="sign_up_code", context={"code": digits}, sms=sms)
    return True


@outbox_handler("sign_up_received")
def send_sign_up_received(row: Outbox) -> bool:
    """Not when she has had an answer already, or took it back."""
    sign_up = _find(row)
    if sign_up is None or (sign_up.answered_at is not None and sign_up.kind != SignUpKind.AT_ONCE):
        return False
    with translation.override(sign_up.language):
        title, lines = received_words(sign_up)
        link = sign_up_link(sign_up)
        sms = " ".join((*lines, link))
        is_in = sign_up.volunteer_id is not None
        link_text = _("Se hva du er med på") if is_in else _("Se eller trekk det du sendte")
        context = _letter(sign_up, title, lines, link=link, link_text=link_text)
    _send(row, sign_up, template="sign_up", context=context, sms=sms)
    return True


@outbox_handler("sign_up_answer")
def send_sign_up_answer(row: Outbox) -> bool:
    sign_up = _find(row)
    if sign_up is None or sign_up.answered_at is None:
        return False
    with translation.override(sign_up.language):
        who = without_links(who_answers(sign_up))
        title = _("Svar til deg")
        lines = tuple(line for line in sign_up.answer.splitlines() if line.strip())
        sms = _("Svar fra %(who)s: %(answer)s") % {"who": who, "answer": " ".join(lines)}
        context = _letter(sign_up, title, lines)
    _send(row, sign_up, template="sign_up", context=context, sms=sms)
    return True


def received_words(sign_up: SignUp) -> tuple[str, tuple[str, ...]]:
    """What the message and the page after it say, in the language that is active."""
    who = without_links(who_answers(sign_up))
    day = formats.date_format(sign_up.reply_by, "l j. F")
    if sign_up.kind == SignUpKind.QUESTION:
        return _("Takk for spørsmålet"), (_("%(who)s svarer deg innen %(day)s.") % {"who": who, "day": day},)
    if sign_up.kind == SignUpKind.AT_ONCE and sign_up.opening is not None:
        return _("Velkommen som frivillig"), tuple(_welcome(sign_up))
    lines = [_("%(who)s tar kontakt med deg innen %(day)s.") % {"who": who, "day": day}]
    if sign_up.confirmed_at is not None:
        # She wanted to begin at once: somebody was there first, or what is asked for has changed.
        lines.insert(0, _("Det går ikke å begynne med en gang lenger, men vi vil gjerne ha deg med."))
    return _("Takk for at du vil være med"), tuple(lines)


def _welcome(sign_up: SignUp) -> Iterator[str]:
    assert sign_up.opening is not None  # noqa: S101 - received_words
    offer = sign_up.opening.offer
    yield _("Du er med på %(title)s.") % {"title": without_links(offer.title)}
    said = [capfirst(when(offer)), without_links(offer.place)]
    if any(said):
        yield ", ".join(filter(None, said)) + "."
    contact = contact_point(sign_up.municipality)
    phone = offer.ring or contact.phone
    if phone:
        yield _("Lurer du på noe, så ring %(phone)s.") % {"phone": shown_number(phone)}


def _find(row: Outbox) -> SignUp | None:
    return SignUp.objects.select_related(*READ_WITH).filter(pk=row.payload["sign_up"]).first()


def _letter(
    sign_up: SignUp, title: str, lines: tuple[str, ...], *, link: str = "", link_text: str = ""
) -> dict[str, object]:
    return {
        "letter_title": title,
        "lines": lines,
        "name": sign_up.name,
        "link": link,
        "link_text": link_text,
    }


def _send(
    row: Outbox,
    sign_up: SignUp,
    *,
    template: str,
    context: dict[str, object],
    sms: str,
) -> None:
    send_to(
        row,
        channel=message_channel(sign_up) or "",
        to=address_of(sign_up) if message_channel(sign_up) else "",
        language=sign_up.language,
        template=template,
        context=context,
        sms=sms,
        sender_name=who_answers(sign_up),
    )
