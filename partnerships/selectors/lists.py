"""The letters to post and the people to ring: what waits for somebody's hands."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _

from partnerships.due import Words, shown_words, source_of
from partnerships.models import CallNote, Notice, PrintRun
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.channel import reaches
from samskaping.accounts.models import User
from samskaping.core.models import Municipality, Outbox, StoredFile
from samskaping.core.models.outbox import OutboxState
from samskaping.core.post import ByHand
from samskaping.core.sms import shown_number

# What a page or a letter about one notice reads together.
READ_WITH = (
    "reply",
    "person__municipality__settings",
    "person__controller_organisation",
    "person__controller_centre",
)
# A letter takes days to come and a slip days to come back; after this nobody looks for the answer.
ANSWERS_WITHIN = timedelta(days=45)
LACKING_WITHIN = timedelta(days=30)
RUNS_SHOWN = 5
# The outbox kind that makes the PDF; its key is the run.
PRINT_KIND = "letters"


def listed(user: User, municipality: Municipality, channel: Channel) -> QuerySet[Notice]:
    """What waits on the list of a channel, the most pressing first."""
    return (
        Notice.objects.visible_to(user)
        .filter(municipality=municipality, channel=channel, state=NoticeState.LISTED)
        .select_related(*READ_WITH, "print_run")
        .order_by("tell_on", "due_on", "pk")
    )


def letters_lacking_address(user: User, municipality: Municipality, today: date) -> QuerySet[Notice]:
    """To those who want letters, and whose address nobody knows."""
    return (
        Notice.objects.visible_to(user)
        .filter(
            municipality=municipality,
            state=NoticeState.FAILED,
            problem="no_address",
            person__channel=Channel.LETTER,
            done_at__date__gte=today - LACKING_WITHIN,
        )
        .select_related("person")
        .order_by("due_on", "pk")
    )


def letters_awaiting_answer(user: User, municipality: Municipality, today: date) -> list[Notice]:
    """Posted, and asking something that nobody has answered yet."""
    posted = (
        Notice.objects.visible_to(user)
        .filter(
            municipality=municipality,
            channel=Channel.LETTER,
            state=NoticeState.SENT,
            reply=None,
            done_at__date__gte=today - ANSWERS_WITHIN,
        )
        .select_related("person")
        .order_by("-done_at", "pk")
    )
    return [notice for notice in posted if asks(notice)]


def asks(notice: Notice) -> bool:
    """Whether it asks something, and still does: when the reason is gone, no answer would be taken."""
    words = words_of(notice)
    return words is not None and bool(words.question)


def print_runs(user: User, municipality: Municipality) -> QuerySet[PrintRun]:
    runs = PrintRun.objects.visible_to(user).filter(municipality=municipality)
    return runs.select_related("made_by", "posted_by").order_by("-made_at")[:RUNS_SHOWN]


def is_being_made(run: PrintRun) -> bool:
    """Whether a worker has it, or will."""
    still = (OutboxState.WAITING, OutboxState.LEASED)
    return Outbox.objects.filter(kind=PRINT_KIND, key=str(run.pk), state__in=still).exists()


def letters_visible_to(user: User) -> QuerySet[StoredFile]:
    """The PDFs of the print runs to people she sends for."""
    runs = PrintRun.objects.visible_to(user).filter(file=OuterRef("pk"))
    return StoredFile.objects.filter(Exists(runs))


def calls_made(notice: Notice) -> QuerySet[CallNote]:
    return notice.calls.select_related("by").order_by("-at")


def label_of(notice: Notice) -> str:
    """What lists call it; a kind that only a newer portal knows is a message."""
    source = source_of(notice.kind)
    return str(source.label) if source is not None else _("Beskjed")


def words_of(notice: Notice) -> Words | None:
    """What it says, in the language that is active; None when the reason is gone."""
    source = source_of(notice.kind)
    about = source.about(notice) if source is not None else None
    return shown_words(source, notice, about) if source is not None and about is not None else None


@dataclass(frozen=True)
class Listed:
    """One line of a list."""

    notice: Notice
    label: str

    @property
    def number(self) -> str:
        return shown_number(self.notice.person.phone)

    @property
    def has_address(self) -> bool:
        return reaches(self.notice.person, Channel.LETTER)

    @property
    def tries(self) -> int:
        """Free when the calls were read along."""
        return len(self.notice.calls.all())


def with_labels(notices: Iterable[Notice]) -> list[Listed]:
    return [Listed(notice, label_of(notice)) for notice in notices]


def by_hand() -> Iterator[ByHand]:
    """The letters and calls of the demo's municipalities: invented people, shown to all."""
    waiting = (
        Notice.objects.filter(state=NoticeState.LISTED, municipality__is_demo=True)
        .select_related("person")
        .order_by("tell_on", "pk")
    )
    for notice in waiting[:100]:
        person = notice.person
        address = f"{person.street}, {person.postal_code} {person.post_town}"
        to = address if notice.channel == Channel.LETTER else shown_number(person.phone)
        yield ByHand(notice.get_channel_display(), f"{person.name}, {to}", label_of(notice))
