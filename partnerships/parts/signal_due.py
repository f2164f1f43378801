"""What is told of questions: to who is to answer, to who asked, and to those a decision concerns.

The words of question and answer stand in the message: whoever gets a letter or a call has no page to open.
"""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Contact, Notice, Person, Signal
from partnerships.models.signal import SignalKind, SignalQuerySet, SignalState
from partnerships.selectors.signal import to_words
from samskaping.core.templatetags.letters import without_links

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
_READS = (
    "municipality__settings",
    "partnership",
    "unit",
    "centre",
    "organisation",
    "receiver",
    "raised_by",
    "answered_by",
)


def register() -> None:
    due_source(
        DueSource(
            kind="signal_asked",
            label=gettext_lazy("Spørsmål til deg"),
            derive=_asked,
            about=_not_seen,
            words=_asked_words,
        )
    )
    due_source(
        DueSource(
            kind="signal_late",
            label=gettext_lazy("Spørsmål uten svar"),
            derive=_late,
            about=_not_answered,
            words=_late_words,
        )
    )
    due_source(
        DueSource(
            kind="signal_climbed",
            label=gettext_lazy("Spørsmål som er løftet"),
            derive=_climbed,
            about=_still_climbed,
            words=_climbed_words,
        )
    )
    due_source(
        DueSource(
            kind="signal_answered",
            label=gettext_lazy("Svar på spørsmål"),
            derive=_answered,
            about=_answer,
            words=_answer_words,
        )
    )
    due_source(
        DueSource(
            kind="signal_decided",
            label=gettext_lazy("Beslutning i et samarbeid"),
            derive=_decided,
            about=_decision,
            words=_decision_words,
        )
    )


# --- To who is to answer ----------------------------------------------------------------------------------
def _asked(_day: date) -> Iterator[Due]:
    """From the day it came to her, about the day she is to answer."""
    today = timezone.localdate()
    for signal in _waiting().filter(state=SignalState.NEW).iterator(chunk_size=1000):
        if signal.receiver is not None and signal.due_on is not None:
            yield Due(signal.receiver, signal, due_on=signal.due_on, tell_on=today)


def _late(day: date) -> Iterator[Due]:
    for signal in _waiting().filter(due_on__lt=day).iterator(chunk_size=1000):
        if signal.receiver is not None and signal.due_on is not None:
            after = signal.due_on + timedelta(days=1)
            yield Due(signal.receiver, signal, due_on=signal.due_on, tell_on=after)


def _not_seen(notice: Notice) -> Signal | None:
    return _to_her(notice).filter(state=SignalState.NEW).first()


def _not_answered(notice: Notice) -> Signal | None:
    """Before the day too: the notice is made ahead, and its own day holds it back."""
    return _to_her(notice).first()


def _to_her(notice: Notice) -> SignalQuerySet:
    """None of it when it was answered, sent on, or has a new day."""
    return _waiting().filter(pk=notice.object_id, receiver=notice.person_id, due_on=notice.due_on)


def _asked_words(notice: Notice, signal: Signal) -> Words:
    return Words(
        title=_("Du har fått et spørsmål"),
        lines=(
            _("%(name)s spør, og trenger svar innen %(day)s:")
            % {"name": _name(signal.raised_by), "day": _day(notice.due_on)},
            *_question(signal),
        ),
        url=_page(signal, notice),
        link=_("Se spørsmålet"),
    )


def _late_words(notice: Notice, signal: Signal) -> Words:
    return Words(
        title=_("Et spørsmål venter på svaret ditt"),
        lines=(
            _("%(name)s trengte svar innen %(day)s:")
            % {"name": _name(signal.raised_by), "day": _day(notice.due_on)},
            *_question(signal),
            _("Vet noen andre mer, så send det videre. Uten svar går det til den neste av seg selv."),
        ),
        url=_page(signal, notice),
        link=_("Svar eller send videre"),
    )


# --- To who asked -----------------------------------------------------------------------------------------
def _climbed(_day: date) -> Iterator[Due]:
    lifted = _waiting().filter(climbed_at__gte=timezone.now() - TOLD_WITHIN)
    for signal in lifted.iterator(chunk_size=1000):
        if signal.raised_by is not None and signal.climbed_at is not None:
            on = timezone.localdate(signal.climbed_at)
            yield Due(signal.raised_by, signal, due_on=on, tell_on=on)


def _still_climbed(notice: Notice) -> Signal | None:
    return _waiting().filter(pk=notice.object_id, climbed_at__date=notice.due_on).first()


def _climbed_words(notice: Notice, signal: Signal) -> Words:
    return Words(
        title=_("Spørsmålet ditt er løftet"),
        lines=(
            _("Ingen svarte på «%(subject)s» i tide. Nå er det sendt til %(name)s.")
            % {"subject": without_links(signal.subject), "name": _name(signal.receiver)},
            _("Svaret skal komme innen %(day)s.") % {"day": _day(signal.due_on)},
        ),
        url=_page(signal, notice),
        link=_("Se spørsmålet"),
    )


def _answered(_day: date) -> Iterator[Due]:
    since = timezone.now() - TOLD_WITHIN
    answered = Signal.objects.filter(state=SignalState.ANSWERED, answered_at__gte=since)
    for signal in answered.select_related("raised_by").iterator(chunk_size=1000):
        if signal.raised_by is not None and signal.answered_at is not None:
            on = timezone.localdate(signal.answered_at)
            yield Due(signal.raised_by, signal, due_on=on, tell_on=on)


def _answer(notice: Notice) -> Signal | None:
    """None when whoever asked has closed it: then she has read it."""
    answered = Signal.objects.filter(pk=notice.object_id, state=SignalState.ANSWERED)
    return answered.select_related(*_READS).first()


def _answer_words(notice: Notice, signal: Signal) -> Words:
    return Words(
        title=_("Du har fått svar"),
        lines=(
            _("Du spurte om «%(subject)s». %(name)s svarer:")
            % {"subject": without_links(signal.subject), "name": _name(signal.answered_by)},
            *_lines(signal.answer),
        ),
        url=_page(signal, notice),
        link=_("Se svaret"),
    )


# --- To those a decision concerns --------------------------------------------------------------------------
def _decided(_day: date) -> Iterator[Due]:
    """The parties' contacts, wherever they are from; not who asked, who gets it as her answer."""
    decisions = Signal.objects.filter(
        kind=SignalKind.DECISION, raised_at__gte=timezone.now() - TOLD_WITHIN
    ).select_related("follows")
    for signal in decisions.iterator(chunk_size=1000):
        contacts = Contact.objects.filter(
            party__partnership=signal.partnership_id,
            party__accepted_at__isnull=False,
            party__left_on=None,
            person__erased_at=None,
        ).select_related("person")
        asker = signal.follows.raised_by_id if signal.follows else None
        on = timezone.localdate(signal.raised_at)
        for contact in contacts:
            if contact.person_id not in (asker, signal.raised_by_id):
                yield Due(contact.person, signal, due_on=on, tell_on=on)


def _decision(notice: Notice) -> Signal | None:
    return (
        Signal.objects.filter(pk=notice.object_id, kind=SignalKind.DECISION).select_related(*_READS).first()
    )


def _decision_words(notice: Notice, signal: Signal) -> Words:
    title = signal.partnership.title if signal.partnership else ""
    return Words(
        title=_("Det er tatt en beslutning"),
        lines=(
            _("I samarbeidet %(title)s, om «%(subject)s», har %(name)s bestemt:")
            % {
                "title": without_links(title),
                "subject": without_links(signal.subject),
                "name": _name(signal.raised_by),
            },
            *_lines(signal.text),
        ),
        url=_page(signal, notice),
        link=_("Se beslutningen"),
    )


# --- Words they share --------------------------------------------------------------------------------------
def _waiting() -> SignalQuerySet:
    return Signal.objects.unanswered().select_related(*_READS)


def _question(signal: Signal) -> tuple[str, ...]:
    about = f"{to_words(signal)}: {signal.subject}" if signal.partnership is None else (
        f"{signal.partnership.title}: {signal.subject}"
    )  # fmt: skip
    return (without_links(about), *_lines(signal.text))


def _lines(text: str) -> tuple[str, ...]:
    return tuple(without_links(line) for line in text.splitlines() if line.strip())


def _name(person: Person | None) -> str:
    return without_links(person.name) if person else _("en som ikke lenger er her")


def _page(signal: Signal, notice: Notice) -> str:
    """Only for those who can sign in."""
    return reverse("signal", args=[signal.pk]) if notice.person.user_id else ""


def _day(day: date | None) -> str:
    return formats.date_format(day, "j. F") if day else ""
