"""The list of a process's proposals: what was typed and chosen, a page at a time."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from django.core.paginator import Page
from django.db.models import Count, F, IntegerField, QuerySet, TextField, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.models import Proposal, ProposalComment, ProposalGroup, ProposalSupport
from partnerships.models.reach import written
from partnerships.process_asked import PARTICIPANT, PROCESS, OfSeat
from partnerships.seat import Seat
from partnerships.selectors.proposal import author_of, counted_of, state_of
from samskaping.core.listing import page_of
from samskaping.core.once import address_under
from samskaping.core.written import Given, Written

PER_PAGE = 30


@dataclass(frozen=True)
class Line:
    """One proposal in a list, ready to show."""

    url: str
    text: str
    author: str
    state: str
    color: str
    theme: str
    support: str
    comments: str
    due: str
    late: bool


# The themes of a process, to choose among.
THEMES = OfSeat(lambda: ProposalGroup.objects.filter(process=PROCESS).only("title").order_by("title", "pk"))


class Found:
    """The proposals of a process that match what was typed and chosen, each question written once."""

    def __init__(
        self, seat: Seat, *, q: str = "", shown: str = "", group: str = "", by_support: bool = False
    ) -> None:
        self._seat, herself = seat, seat.participant.pk if seat.participant else None
        wanted = {"q": q, "group": int(group or 0), shown: bool(shown)}
        given = {name: value for name, value in wanted.items() if value}
        self._given: dict[str, Any] = {**given, "process": seat.process.pk, "participant": herself}
        self._in_order = _by_support if by_support else _newest_first

    def page(self, number: str | None, today: date) -> "Page[Line]":
        asked = written(self._in_order, frozenset(self._given))

        def read(after: int) -> list[dict[str, Any]]:
            return asked.rows(**self._given, after=after, until=after + PER_PAGE)

        page: Any = page_of(read, PER_PAGE, number)
        page.object_list = self._lines([row["pk"] for row in page.object_list], today)
        return page  # type: ignore[no-any-return]

    def _lines(self, keys: list[int], today: date) -> list[Line]:
        rows = {row.pk: row for row in _ROWS.rows(keys=keys)} if keys else {}
        url = address_under("proposal", self._seat.process.pk)
        return [_line(self._seat, rows[key], url(key), today) for key in keys if key in rows]


def _found(having: frozenset[str]) -> QuerySet[Proposal]:
    found = Proposal.objects.filter(process=PROCESS)
    if "q" in having:
        found = found.filter(text__icontains=Given("q", TextField()))
    if "venter" in having or "besvart" in having:
        found = found.filter(answered_at__isnull="venter" in having)
    if "mine" in having:
        found = found.filter(participant=PARTICIPANT)
    if "group" in having:
        found = found.filter(group=Given("group"))
    return found


_AFTER, _UNTIL = Given("after", IntegerField()), Given("until", IntegerField())


def _place(found: QuerySet[Proposal], *order: Any) -> QuerySet[Any, Any]:
    numbered = found.annotate(place=Window(RowNumber(), order_by=order), number=Window(Count("pk")))
    shown = numbered.filter(place__gt=_AFTER, place__lte=_UNTIL)
    return shown.order_by("place").values("pk", "number")


def _newest_first(having: frozenset[str]) -> QuerySet[Any, Any]:
    return _place(_found(having), F("given_at").desc(), F("pk").desc())


def _by_support(having: frozenset[str]) -> QuerySet[Any, Any]:
    found = _found(having).annotate(supporters=counted_of(ProposalSupport))
    return _place(found, F("supporters").desc(), F("given_at").desc(), F("pk").desc())


# What is counted is counted for the rows of the page alone.
_ROWS = Written(
    lambda: (
        Proposal.objects.filter(pk__in=Given("keys"))
        .select_related("group", "participant__person")
        .only(
            "text",
            "given_by",
            "outcome",
            "answered_at",
            "answer_by",
            "group__title",
            "participant__left_at",
            "participant__consent_at",
            "participant__person__name",
        )
        .annotate(support_count=counted_of(ProposalSupport), comment_count=counted_of(ProposalComment))
        .order_by()
    )
)


def _line(seat: Seat, row: Any, url: str, today: date) -> Line:
    state, color = state_of(row)
    return Line(
        url=url,
        text=row.text,
        author=author_of(seat, row),
        state=state,
        color=color,
        theme=row.group.title if row.group else "",
        support=_support_words(row.support_count),
        comments=_comment_words(row.comment_count),
        due=_due_words(row),
        late=row.answered_at is None and row.answer_by < today,
    )


def _support_words(number: int) -> str:
    said = ngettext("%(number)s støtter", "%(number)s støtter", number)
    return said % {"number": number} if number else ""


def _comment_words(number: int) -> str:
    said = ngettext("%(number)s kommentar", "%(number)s kommentarer", number)
    return said % {"number": number} if number else ""


def _due_words(proposal: Proposal) -> str:
    """When it was answered, or has to be."""
    if proposal.answered_at is not None:
        return date_format(timezone.localtime(proposal.answered_at), "SHORT_DATE_FORMAT")
    return _("svar innen %(day)s") % {"day": date_format(proposal.answer_by, "SHORT_DATE_FORMAT")}
