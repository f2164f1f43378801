"""A draft as somebody writes in it: what it says, what is empty, what is suggested, and how it came to be."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from django.db.models import Prefetch, QuerySet
from django.utils import translation
from django.utils.translation import get_language

from agreements.clauses import in_words
from agreements.document import Content, Gap, Shown, content_of
from agreements.facts import at_agreement, place_of
from agreements.models import Agreement, AgreementParty, AgreementSection, SectionWording, Suggestion
from agreements.models.agreement import AgreementQuerySet
from agreements.models.draft import SkippedGap, SuggestionState
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.side import speaking
from partnerships.selectors.partnership import may_work
from partnerships.selectors.sides import Speaking
from samskaping.accounts.models import User
from samskaping.core.worddiff import Piece, worddiff


def with_content(agreements: AgreementQuerySet) -> AgreementQuerySet:
    """What `content_of` reads, at hand: five queries however many there are."""
    sections = AgreementSection.objects.order_by("number")
    return agreements.select_related(
        "municipality__settings", "partnership", "person", "template", "side"
    ).prefetch_related(
        Prefetch("sections", queryset=sections),
        "skipped",
        "parties__unit",
        "parties__centre",
        "parties__organisation",
        "partnership__parties",
    )


@dataclass(frozen=True)
class Suggested:
    """Another wording beside the one that stands."""

    suggestion: Suggestion
    party: str
    # What it would stand instead of, as people read it.
    stands: str
    pieces: list[Piece]
    heading: list[Piece]
    takes_out: bool
    may_answer: bool
    may_take_back: bool
    # The count of the section it is read beside.
    version: int


@dataclass(frozen=True)
class Point:
    """A section of the draft as the page shows it."""

    shown: Shown
    suggested: list[Suggested]


@dataclass(frozen=True)
class Empty:
    """A gap with where it is filled in, for the panel beside the draft."""

    gap: Gap
    url: str


@dataclass(frozen=True)
class Skipped:
    row: SkippedGap
    label: str


@dataclass(frozen=True)
class Draft:
    agreement: Agreement
    content: Content
    points: list[Point]
    # For sections that are not there yet.
    new: list[Suggested]
    empty: list[Empty]
    skipped: list[Skipped]
    # Her own side writes freely; else what she writes is a suggestion.
    writes: bool
    waits_for_her: int


def draft_of(agreement: Agreement, user: User) -> Draft:
    """`agreement` comes from `with_content`."""
    content = content_of(agreement)
    may = speaking(agreement, user)
    names = {party.pk: party.actor.name for party in agreement.parties.all()}
    suggested = [_suggested(row, agreement, may, names) for row in open_suggestions(agreement)]
    works = agreement.partnership is not None and may_work(agreement.partnership, user)
    points = [
        Point(shown, [each for each in suggested if each.suggestion.section_id == shown.section.pk])
        for shown in content.shown
    ]
    return Draft(
        agreement=agreement,
        content=content,
        points=points,
        new=[each for each in suggested if each.suggestion.section_id is None],
        empty=[Empty(gap, _where(gap, agreement, works=works)) for gap in content.gaps],
        skipped=[Skipped(row, label_of(row.name, agreement)) for row in agreement.skipped.all()],
        writes=writes_freely(agreement),
        waits_for_her=sum(each.may_answer for each in suggested),
    )


def writes_freely(agreement: Agreement) -> bool:
    """Not shared yet, or nobody to share it with."""
    return agreement.shared_at is None or len(agreement.parties.all()) < 2


def open_suggestions(agreement: Agreement) -> QuerySet[Suggestion]:
    found = agreement.suggestions.filter(state=SuggestionState.OPEN)
    return found.select_related("section").order_by("at", "pk")


def suggested_of(row: Suggestion, user: User) -> Suggested:
    agreement = row.agreement
    names = {party.pk: party.actor.name for party in agreement.parties.all()}
    return _suggested(row, agreement, speaking(agreement, user), names)


def _suggested(row: Suggestion, agreement: Agreement, may: Speaking, names: dict[int, str]) -> Suggested:
    section = row.section
    here = may.own | may.behalf
    is_open = row.state == SuggestionState.OPEN
    return Suggested(
        suggestion=row,
        party=names.get(row.party_id, ""),
        stands=_in_words(section.text, agreement) if section else "",
        pieces=_compared(section.text if section else "", row.text, agreement),
        heading=worddiff(section.heading if section else "", row.heading),
        takes_out=section is not None and not row.text,
        may_answer=is_open and bool(here - {row.party_id}),
        may_take_back=is_open and row.party_id in here,
        version=section.version if section else 0,
    )


def _compared(was: str, now: str, agreement: Agreement) -> list[Piece]:
    return worddiff(_in_words(was, agreement), _in_words(now, agreement))


def _in_words(text: str, agreement: Agreement) -> str:
    with translation.override(agreement.language):
        return in_words(text, PLACEHOLDERS)


def hints_of(agreement: Agreement) -> dict[str, str]:
    """A sentence for each section, from the text it began with, in the reader's language."""
    if agreement.template is None:
        return {}
    language = get_language() or "nb"
    return {
        each["key"]: each["hint"].get(language) or each["hint"]["nb"]
        for each in agreement.template.data["sections"]
        if each.get("hint")
    }


def label_of(name: str, agreement: Agreement) -> str:
    if name in PLACEHOLDERS:
        return str(PLACEHOLDERS[name])
    return next((each.heading for each in agreement.sections.all() if each.key == name), name)


@dataclass(frozen=True)
class Step:
    """One wording of a section, as what came and went since the one before."""

    wording: SectionWording
    party: str
    pieces: list[Piece]
    heading: list[Piece]


def steps_of(agreement: Agreement) -> list[tuple[AgreementSection, list[Step]]]:
    """The sections that somebody has worded anew, with each step: nothing changes in silence."""
    names = {party.pk: party.actor.name for party in agreement.parties.all()}
    rows: Iterable[Any] = SectionWording.objects.filter(section__agreement=agreement).order_by(
        "section__number", "number"
    )
    by_section: dict[int, list[SectionWording]] = {}
    for row in rows:
        by_section.setdefault(row.section_id, []).append(row)
    found = []
    for section in agreement.sections.all():
        wordings = by_section.get(section.pk, [])
        if wordings and not section.key:  # added since: its first wording is news
            wordings.insert(0, SectionWording(heading="", text=""))
        steps = [
            Step(
                now,
                names.get(now.party_id or 0, ""),
                _compared(was.text, now.text, agreement),
                worddiff(was.heading, now.heading),
            )
            for was, now in pairwise(wordings)
        ]
        if steps:
            found.append((section, steps[::-1]))
    return found


def own_party(agreement: Agreement, user: User) -> AgreementParty | None:
    may = speaking(agreement, user)
    return next((party for party in agreement.parties.all() if party.pk in may.own), None)


def party_of(agreement: Agreement, user: User) -> AgreementParty | None:
    """The side she writes for: her own, else one she stands in for."""
    may = speaking(agreement, user)
    sides = [party for party in agreement.parties.all() if may.may(party)]
    return min(sides, key=lambda party: party.pk not in may.own, default=None)


def _where(gap: Gap, agreement: Agreement, *, works: bool) -> str:
    """Only a page she may open."""
    url = "" if gap.is_section else place_of(gap.name, agreement)
    return url if works or url == at_agreement(agreement) else ""
