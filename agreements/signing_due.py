"""What people hear of a signing: that it is their turn, a reminder, that it came to nothing, that it is done.

The link to somebody's own document is made as her message leaves (`words`); staff who read or print what is
sent get the words without it (`shown`): whoever has the link is asked for a code, but it is hers.
"""

from collections.abc import Callable, Iterator
from datetime import date, timedelta
from functools import partial
from typing import Any

from django.db.models import QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Envelope, Signatory, SigningQuestion
from agreements.models.envelope import FAILED, HEAVY, OPEN, EnvelopeState
from agreements.models.signature import SignEventKind
from agreements.selectors.signing import asker_of, place_of
from agreements.services.signatory import signatory_token, signing_message_told
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice
from partnerships.selectors.channel import code_channel
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
# So long before the deadline, and so long after she was asked, she hears of it once more.
BEFORE_DEADLINE = timedelta(days=3)
AFTER_ASKED = timedelta(days=7)
READ_WITH = (
    "person", "envelope__agreement__municipality__settings", "envelope__document", "envelope__sent_by",
    "party__unit", "party__centre", "party__organisation",
)  # fmt: skip


def register() -> None:
    _source("signing_asked", gettext_lazy("Avtale å signere"), _asked, _waiting, _asked_words, urgent=True)
    _source("signing_reminder", gettext_lazy("Påminnelse om å signere"), _reminders, _waiting, _again_words)
    _source("signing_copy", gettext_lazy("Avtale til orientering"), _copies, _copy, _copy_words)
    _source("signing_closed", gettext_lazy("Signering avsluttet"), _closed, _still_closed, _closed_words)
    _source("signing_done", gettext_lazy("Avtale signert av alle"), _done, _sealed, _done_words)
    _source("signing_forwarded", gettext_lazy("Signering sendt videre"), _forwarded, _is_forwarded, _to_words)
    _source(
        "signing_question", gettext_lazy("Spørsmål før signering"), _questions, _question, _question_words,
        urgent=True,
    )  # fmt: skip


def _source(
    kind: str,
    label: Any,
    derive: Callable[[date], Iterator[Due]],
    about: Callable[[Notice], Any],
    words: Callable[[Notice, Any], Words],
    *,
    urgent: bool = False,
) -> None:
    def shown(notice: Notice, row: Any) -> Words:
        found = words(notice, row)
        return Words(title=found.title, lines=found.lines)

    # Of what asks her to sign, how it fared is part of the evidence.
    told = kind in ("signing_asked", "signing_reminder")
    due_source(
        DueSource(
            kind=kind,
            label=label,
            derive=derive,
            about=about,
            words=words,
            shown=shown,
            urgent=urgent,
            arrived=partial(_fared, SignEventKind.DELIVERED) if told else None,
            bounced=partial(_fared, SignEventKind.BOUNCED) if told else None,
        )
    )


def _fared(kind: SignEventKind, notice: Notice) -> None:
    signing_message_told(
        signatory_id=int(notice.object_id),
        person_id=notice.person_id,
        kind=kind,
        message=f"{notice.kind.removeprefix('signing_')}_{notice.channel}",
    )


def own_url(signatory: Signatory) -> str:
    """Where she reads it: by her account, her link else; empty where no code reaches her."""
    if signatory.person.user_id is not None:
        return reverse("signing_read", args=[signatory.pk])
    if code_channel(signatory.person) is None:
        return ""
    return reverse("signing_open", args=[signatory_token(signatory)])


# --- It is her turn -----------------------------------------------------------------------------------------
def _asked(_day: date) -> Iterator[Due]:
    """Nobody is asked before her turn, and then on the day the one before her signed."""
    for signatory in _turns():
        since = timezone.localdate(signatory.since)
        yield Due(signatory.person, signatory, due_on=_sent_on(signatory), tell_on=since)


def _turns() -> Iterator[Any]:
    rows: Iterator[Any] = _signatories().waiting().iterator(chunk_size=500)
    return rows


def _sent_on(signatory: Signatory) -> date:
    return timezone.localdate(signatory.envelope.sent_at)


def _waiting(notice: Notice) -> Signatory | None:
    """None when she has signed or said no, another is asked in her place, or it is over."""
    found: Signatory | None = (
        _signatories().waiting().filter(pk=notice.object_id, person=notice.person_id).first()
    )
    return found


def _asked_words(_notice: Notice, signatory: Signatory) -> Words:
    envelope = signatory.envelope
    lines = [
        _("%(place)s ber deg signere «%(title)s».")
        % {"place": without_links(place_of(envelope)), "title": without_links(envelope.document.title)}
    ]
    if signatory.on_behalf_of:
        lines.append(
            _("Du signerer på vegne av %(party)s.") % {"party": without_links(signatory.on_behalf_of)}
        )
    if envelope.deadline is not None:
        lines.append(_("Fristen er %(day)s.") % {"day": _day(envelope.deadline)})
    if envelope.message:
        lines += [without_links(line) for line in envelope.message.splitlines() if line.strip()]
    url = own_url(signatory)
    if not url:
        lines.append(_("Du kan signere på papir. Ring den som sendte avtalen."))
    return Words(
        title=_("Du er bedt om å signere en avtale"),
        lines=tuple(lines),
        url=url,
        link=_("Les og signer"),
    )


# --- Reminded -----------------------------------------------------------------------------------------------
def _reminders(day: date) -> Iterator[Due]:
    """Before the deadline; without one, a week after she was asked; and when somebody pressed «Minn nå»."""
    for signatory in _turns():
        since, deadline = timezone.localdate(signatory.since), signatory.envelope.deadline
        by_itself = deadline - BEFORE_DEADLINE if deadline else since + AFTER_ASKED
        # Asked the same day or the day before, she has just heard of it.
        if since + timedelta(days=1) < by_itself <= day:
            yield Due(signatory.person, signatory, due_on=deadline or by_itself, tell_on=by_itself)
        if signatory.reminded_on is not None and signatory.reminded_on >= since:
            on = signatory.reminded_on
            yield Due(signatory.person, signatory, due_on=on, tell_on=on)


def _again_words(notice: Notice, signatory: Signatory) -> Words:
    first = _asked_words(notice, signatory)
    title = _("En avtale venter på signaturen din")
    return Words(title=title, lines=first.lines, url=first.url, link=first.link)


# --- A copy to read -----------------------------------------------------------------------------------------
def _copies(_day: date) -> Iterator[Due]:
    recent = timezone.now() - TOLD_WITHIN
    for signatory in _signatories().filter(
        copy_only=True, envelope__state__in=OPEN, envelope__sent_at__gte=recent
    ):
        on = _sent_on(signatory)
        yield Due(signatory.person, signatory, due_on=on, tell_on=on)


def _copy(notice: Notice) -> Signatory | None:
    rows = _signatories().filter(copy_only=True).exclude(envelope__state__in=FAILED)
    found: Signatory | None = rows.filter(pk=notice.object_id, person=notice.person_id).first()
    return found


def _copy_words(_notice: Notice, signatory: Signatory) -> Words:
    return Words(
        title=_("En avtale er sendt til signering"),
        lines=(
            _("«%(title)s» er sendt til dem som skal signere. Du får den for å kunne lese den.")
            % {"title": without_links(signatory.envelope.document.title)},
        ),
        url=own_url(signatory),
        link=_("Les avtalen"),
    )


# --- It came to nothing -------------------------------------------------------------------------------------
def _closed(_day: date) -> Iterator[Due]:
    """To all that were asked, and to whoever sent it: the one who said no or called it back knows. Whoever
    took back her signature has it in writing that she did."""
    recent = timezone.now() - TOLD_WITHIN
    for envelope in Envelope.objects.filter(state__in=FAILED, closed_at__gte=recent).select_related(
        "agreement"
    ):
        assert envelope.closed_at is not None  # noqa: S101 - envelope_closed_whole holds
        on = timezone.localdate(envelope.closed_at)
        asked = envelope.signatories.filter(declined_at=None).select_related("person")
        people = {each.person_id: each.person for each in asked}
        sender = asker_of(envelope)
        if sender is not None and not _called_it_back(envelope):
            people[sender.pk] = sender
        for person in people.values():
            yield Due(person, envelope, due_on=on, tell_on=on)


def _called_it_back(envelope: Envelope) -> bool:
    """Whether it was whoever sent it, and none of the other sides."""
    actor = f"user:{envelope.sent_by_id}"
    return envelope.events.filter(kind=SignEventKind.VOIDED, actor=actor).exists()


def _still_closed(notice: Notice) -> Envelope | None:
    rows = Envelope.objects.filter(pk=notice.object_id, state__in=FAILED)
    return rows.select_related("agreement__municipality__settings", "document").first()


def _closed_words(_notice: Notice, envelope: Envelope) -> Words:
    said = {
        EnvelopeState.DECLINED: _(
            "«%(title)s» blir ikke signert slik den er nå. En av dere vil ikke signere."
        ),
        EnvelopeState.VOIDED: _("«%(title)s» er trukket tilbake før alle hadde signert."),
        EnvelopeState.EXPIRED: _("Fristen for å signere «%(title)s» gikk ut før alle hadde signert."),
    }[EnvelopeState(envelope.state)]
    if envelope.events.filter(kind=SignEventKind.WITHDRAWN).exists():
        said = _("En av dem som hadde signert «%(title)s», har angret.")
    lines = [said % {"title": without_links(envelope.document.title)}]
    if envelope.closed_because:
        lines.append(_("Begrunnelse: %(why)s") % {"why": without_links(envelope.closed_because)})
    lines.append(_("Det som var signert, gjelder ikke. Blir den sendt på nytt, får du beskjed."))
    return Words(title=_("En avtale blir ikke signert nå"), lines=tuple(lines))


# --- Signed by all ------------------------------------------------------------------------------------------
def _done(_day: date) -> Iterator[Due]:
    """To all that were asked, and to whoever sent it, beside the first of them."""
    recent = timezone.now() - TOLD_WITHIN
    sealed = _signatories().filter(envelope__state=EnvelopeState.SEALED, envelope__completed_at__gte=recent)
    firsts: dict[int, Signatory] = {}
    asked: set[tuple[int, int]] = set()
    for signatory in sealed:
        firsts.setdefault(signatory.envelope_id, signatory)
        asked.add((signatory.envelope_id, signatory.person_id))
        on = _completed_on(signatory)
        yield Due(signatory.person, signatory, due_on=on, tell_on=on)
    for signatory in firsts.values():
        sender = asker_of(signatory.envelope)
        if sender is not None and (signatory.envelope_id, sender.pk) not in asked:
            on = _completed_on(signatory)
            yield Due(sender, signatory, due_on=on, tell_on=on)


def _completed_on(signatory: Signatory) -> date:
    completed = signatory.envelope.completed_at
    assert completed is not None  # noqa: S101 - envelope_completed_whole holds
    return timezone.localdate(completed)


def _sealed(notice: Notice) -> Signatory | None:
    rows = _signatories().filter(envelope__state=EnvelopeState.SEALED)
    found: Signatory | None = rows.filter(pk=notice.object_id).first()
    if found is None or found.person_id == notice.person_id:
        return found
    sender = asker_of(found.envelope)
    return found if sender is not None and sender.pk == notice.person_id else None


def _done_words(notice: Notice, signatory: Signatory) -> Words:
    title = _("Avtalen er signert av alle")
    lines = [
        _("«%(title)s» er signert av alle og låst.")
        % {"title": without_links(signatory.envelope.document.title)}
    ]
    if notice.person_id != signatory.person_id:
        # Whoever sent it has no link of her own there, and gets none of anybody else's.
        at = reverse("envelope", args=[signatory.envelope.agreement_id])
        return Words(title=title, lines=tuple(lines), url=at, link=_("Se avtalen"))
    url = own_url(signatory)
    if url:
        lines.append(_("Her finner du kopien din. Du kan laste den ned når du vil."))
    else:
        lines.append(_("Du får en kopi på papir av den som sendte avtalen."))
    return Words(title=title, lines=tuple(lines), url=url, link=_("Hent kopien"))


# --- To whoever sent it -------------------------------------------------------------------------------------
def _forwarded(_day: date) -> Iterator[Due]:
    for signatory in _signatories().filter(forwarded_by__isnull=False, envelope__state__in=OPEN):
        sender = asker_of(signatory.envelope)
        if sender is not None:
            today = timezone.localdate()
            # Sent on once more the same person is another row's business; the day it was sent names it.
            yield Due(sender, signatory, due_on=_sent_on(signatory), tell_on=today)


def _is_forwarded(notice: Notice) -> Signatory | None:
    rows = _signatories().filter(forwarded_by__isnull=False, envelope__state__in=OPEN)
    found: Signatory | None = rows.filter(pk=notice.object_id).first()
    return found


def _to_words(_notice: Notice, signatory: Signatory) -> Words:
    return Words(
        title=_("En signering er sendt videre"),
        lines=(
            _("En av dem du ba signere «%(title)s», sendte den videre. Se at det er rett person.")
            % {"title": without_links(signatory.envelope.document.title)},
        ),
        url=reverse("envelope", args=[signatory.envelope.agreement_id]),
        link=_("Se hvem"),
    )


def _questions(_day: date) -> Iterator[Due]:
    recent = timezone.now() - TOLD_WITHIN
    for question in _asked_questions().filter(asked_at__gte=recent):
        sender = asker_of(question.signatory.envelope)
        if sender is not None:
            on = timezone.localdate(question.asked_at)
            yield Due(sender, question, due_on=on, tell_on=on)


def _asked_questions() -> QuerySet[SigningQuestion]:
    return SigningQuestion.objects.select_related(
        "signatory__person", "signatory__envelope__document", "signatory__envelope__sent_by"
    )


def _question(notice: Notice) -> SigningQuestion | None:
    return _asked_questions().filter(pk=notice.object_id).first()


def _question_words(_notice: Notice, question: SigningQuestion) -> Words:
    envelope = question.signatory.envelope
    return Words(
        title=_("Et spørsmål før signering"),
        lines=(
            _("En av dem som skal signere «%(title)s», har et spørsmål. Les det, og svar.")
            % {"title": without_links(envelope.document.title)},
        ),
        url=reverse("envelope", args=[envelope.agreement_id]),
        link=_("Les spørsmålet"),
    )


def _signatories() -> Any:
    return Signatory.objects.select_related(*READ_WITH).defer(*HEAVY).order_by("pk")


def _day(day: date) -> str:
    return formats.date_format(day, "j. F Y")
