"""«Dette er vi enige om»: what stands now, what is on its way, and what it was."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import F, Model, Prefetch, Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext as _

from partnerships.asked import HERE, Asked, answers
from partnerships.models import Partnership, PartnershipParty, Understanding, UnderstandingSide
from partnerships.models.partnership import Phase
from partnerships.models.understanding import OPEN_STATES, UnderstandingState
from partnerships.selectors.sides import Speaking, side_name, sides_of, speaking
from samskaping.accounts.models import User
from samskaping.core.worddiff import Piece, worddiff
from samskaping.core.written import at_hand

LINES = ("shall", "shall_not", "recipients_can_expect")
# Of a side: it has said yes to these words, or what it wishes otherwise in them. It is the others' turn.
ANSWERED = Q(confirmed_version=F("understanding__version")) | (
    ~Q(objection="") & Q(updated_at__gte=F("understanding__updated_at"))
)


_STANDS = (*OPEN_STATES, UnderstandingState.AGREED)
UNDERSTANDINGS = Asked(lambda: Understanding.objects.filter(partnership=HERE, state__in=_STANDS))
SIDES = Asked(lambda: _sides().filter(understanding__partnership=HERE, understanding__state__in=_STANDS))


class Standing(NamedTuple):
    """What the sides agreed on last, and the version that is in work."""

    agreed: Understanding | None
    work: Understanding | None

    @property
    def latest(self) -> Understanding | None:
        return self.work or self.agreed


def standing_of(partnership: Partnership) -> Standing:
    """Each with its `sides.all()` at hand. Put together once for each partnership that is read."""
    found: Standing | None = partnership.__dict__.get("_standing")
    if found is None:
        rows, sides = answers(partnership, (UNDERSTANDINGS, SIDES))
        for row in rows:
            at_hand(row, "sides", [side for side in sides if side.understanding_id == row.pk])
        by_state = {row.state: row for row in rows}
        work = by_state.get(UnderstandingState.DRAFT) or by_state.get(UnderstandingState.PROPOSED)
        found = Standing(by_state.get(UnderstandingState.AGREED), work)
        partnership.__dict__["_standing"] = found
    return found


def understanding_now(partnership: Partnership) -> Understanding | None:
    """What the sides have agreed on, with `sides.all()` at hand; None before they have."""
    return standing_of(partnership).agreed


def _sides() -> QuerySet[Any]:
    return UnderstandingSide.objects.select_related(
        "party__unit", "party__centre", "party__organisation", "party__party_municipality"
    ).order_by("party__accepted_at", "party")


def _with_sides() -> QuerySet[Any]:
    return Understanding.objects.prefetch_related(Prefetch("sides", queryset=_sides()))


def version_of(partnership: Partnership, number: int) -> Understanding | None:
    found: Understanding | None = _with_sides().filter(partnership=partnership, number=number).first()
    return found


def versions_of(partnership: Partnership) -> list[Understanding]:
    """Newest first."""
    return list(_with_sides().filter(partnership=partnership).order_by("-number"))


@dataclass(frozen=True)
class SideView:
    """One side as the page shows it to one viewer."""

    party: PartnershipParty
    name: str
    side: UnderstandingSide | None
    confirmed: bool
    # Its word is waited for.
    awaited: bool
    may_write: bool
    on_behalf: bool

    @property
    def wishes(self) -> str:
        return self.side.wishes if self.side else ""

    @property
    def gains(self) -> str:
        return self.side.gains if self.side else ""

    @property
    def objection(self) -> str:
        return self.side.objection if self.side else ""


def side_views(partnership: Partnership, understanding: Understanding | None, user: User) -> list[SideView]:
    """Those who take part now; whoever has left stands in the version she confirmed.

    Where it is over, nobody is waited for and nobody writes.
    """
    parties = sides_of(partnership)
    is_over = partnership.phase == Phase.ENDED
    may = Speaking(frozenset(), frozenset()) if is_over else speaking(user, parties)
    written = {side.party_id: side for side in understanding.sides.all()} if understanding else {}
    asks = not is_over and understanding is not None and understanding.state == UnderstandingState.PROPOSED
    return [_view(party, written.get(party.pk), understanding, may, asks=asks) for party in parties]


def _view(
    party: PartnershipParty,
    side: UnderstandingSide | None,
    understanding: Understanding | None,
    may: Speaking,
    *,
    asks: bool,
) -> SideView:
    confirmed = understanding is not None and has_confirmed(side, understanding)
    return SideView(
        party=party,
        name=side_name(party),
        side=side,
        confirmed=confirmed,
        awaited=asks and not confirmed,
        may_write=may.may(party),
        on_behalf=party.pk in may.behalf,
    )


def has_confirmed(side: UnderstandingSide | None, understanding: Understanding) -> bool:
    """Its yes was to the words as they stand: an edit after it asks again."""
    return side is not None and side.confirmed_version == understanding.version


def has_answered(side: UnderstandingSide | None, understanding: Understanding) -> bool:
    """As ANSWERED, of rows that are read."""
    if side is None:
        return False
    objects = bool(side.objection) and side.updated_at >= understanding.updated_at
    return has_confirmed(side, understanding) or objects


def signed_sides(understanding: Understanding) -> list[tuple[str, UnderstandingSide]]:
    """The sides of one version as they stood in it."""
    return [(side_name(side.party), side) for side in understanding.sides.all()]


def status_of(understanding: Understanding | None) -> dict[str, str]:
    """For a tag: {text, color}."""
    if understanding is None:
        return {"text": _("Ikke skrevet ennå"), "color": "neutral"}
    if understanding.state == UnderstandingState.DRAFT:
        return {"text": _("Under arbeid"), "color": "neutral"}
    if understanding.state == UnderstandingState.PROPOSED:
        return {"text": _("Til bekreftelse"), "color": "info"}
    if understanding.state == UnderstandingState.REPLACED:
        return {"text": _("Erstattet"), "color": "neutral"}
    return {"text": _("Enige siden %(day)s") % {"day": agreed_day(understanding)}, "color": "success"}


def agreed_day(understanding: Understanding) -> str:
    assert understanding.agreed_at is not None  # noqa: S101 - understanding_agreed_has_time holds
    return formats.date_format(timezone.localdate(understanding.agreed_at), "SHORT_DATE_FORMAT")


class Compared(NamedTuple):
    label: str
    pieces: list[Piece]


def compare(older: Understanding, newer: Understanding) -> list[Compared]:
    """What differs, part by part, as words that came and went. Parts that are alike are left out."""
    found = []
    for name in LINES:
        label = _label(Understanding, name)
        found.append((label, "\n".join(getattr(older, name)), "\n".join(getattr(newer, name))))
    before = {side.party_id: side for side in older.sides.all()}
    after = {side.party_id: side for side in newer.sides.all()}
    for party_id in dict.fromkeys([*after, *before]):
        was, now = before.get(party_id), after.get(party_id)
        name = side_name((now or was).party)  # type: ignore[union-attr]
        for field in ("wishes", "gains"):
            label = f"{name}: {_label(UnderstandingSide, field)}"
            found.append((label, getattr(was, field, ""), getattr(now, field, "")))
    return [Compared(label, worddiff(old, new)) for label, old, new in found if old != new]


def _label(model: type[Model], name: str) -> str:
    field: Any = model._meta.get_field(name)
    return str(field.verbose_name)
