"""What an agreement is filled with: for each name of agreements/placeholders.py, who gives its value.

Apps add theirs with `fills` (agreements/fills/ has ours). A giver is asked only for names that stand in the
text, with `Facts`, which reads each thing once. It answers in the language that is active.
"""

from collections.abc import Callable, Iterable
from datetime import date
from functools import cached_property
from typing import NamedTuple

from django.db.models import Prefetch, Q
from django.urls import reverse
from django.utils import timezone

from agreements.clauses import Value
from agreements.models import Agreement
from agreements.placeholders import PLACEHOLDERS
from partnerships.models import Contact, Frame, Offer, OfferRequirement, Partnership, TaskCheck, Understanding
from partnerships.selectors.actor_names import Actor
from partnerships.selectors.frame import frame_of
from partnerships.selectors.responsibility import maps_of
from partnerships.selectors.responsibility_board import Board, board_of
from partnerships.selectors.task_check import checks_of
from partnerships.selectors.understanding import standing_of
from volunteers.models import Assignment


class Facts:
    def __init__(self, agreement: Agreement) -> None:
        self.agreement = agreement
        self.today: date = timezone.localdate()

    @cached_property
    def parties(self) -> list[Actor]:
        return [party.actor for party in self.agreement.parties.all()]

    @property
    def partnership(self) -> Partnership | None:
        return self.agreement.partnership

    @cached_property
    def understanding(self) -> Understanding | None:
        """What the sides agreed on; before they have, what they have written."""
        if self.partnership is None:
            return None
        standing = standing_of(self.partnership)
        return standing.agreed or standing.work

    @cached_property
    def frame(self) -> Frame | None:
        return frame_of(self.partnership) if self.partnership else None

    @cached_property
    def offers(self) -> list[Offer]:
        """With one volunteer: those she takes part in, when she takes part in any there."""
        required = OfferRequirement.objects.filter(removed_at=None).select_related("kind").order_by("pk")
        rows = Offer.objects.open().select_related("contact")
        rows = rows.prefetch_related(Prefetch("requirements", queryset=required))
        if self.partnership is not None:
            rows = rows.filter(partnership=self.partnership)
        if self.agreement.person_id is not None:
            there = Assignment.objects.there().filter(volunteer__person=self.agreement.person_id)
            hers = list(rows.filter(pk__in=there.values("offer")).order_by("title_key", "pk"))
            if hers or self.partnership is None:
                return hers
        return list(rows) if self.partnership is not None else []

    @cached_property
    def checks(self) -> list[TaskCheck]:
        if self.partnership is None:
            return []
        return list(checks_of(self.partnership).prefetch_related("required__kind").order_by("pk"))

    @cached_property
    def board(self) -> Board | None:
        """The partnership's own duties, with names: it is the parties who sign it."""
        own = maps_of(self.partnership).own if self.partnership else None
        return board_of([own], None) if own is not None else None

    @cached_property
    def contacts(self) -> list[tuple[Actor, list[Contact]]]:
        """Whom to ring at each party: as its side of the partnership, else at all."""
        parties = self.agreement.parties.all()
        ids = {
            field: [pk for party in parties if (pk := getattr(party, f"{field}_id"))]
            for field in ("unit", "centre", "organisation")
        }
        here = Q(unit__in=ids["unit"]) | Q(centre__in=ids["centre"])
        here |= Q(organisation__in=ids["organisation"])
        if self.partnership is not None:
            here |= Q(party__partnership=self.partnership, party__left_on=None)
        rows = Contact.objects.filter(here, person__erased_at=None).select_related("person", "party")
        found = []
        for party in parties:
            field = next(name for name in ids if getattr(party, f"{name}_id"))
            pk = getattr(party, f"{field}_id")
            of_side = [row for row in rows if row.party and getattr(row.party, f"{field}_id") == pk]
            at_all = [row for row in rows if row.party is None and getattr(row, f"{field}_id") == pk]
            found.append((party.actor, of_side or at_all))
        return found


Give = Callable[[Facts], Value | None]
# Where somebody writes it, for whoever works in the partnership; empty where there is no such place.
At = Callable[[Agreement], str]


class Giver(NamedTuple):
    give: Give
    at: At


_givers: dict[str, Giver] = {}


def fills(name: str, give: Give, *, at: At | None = None) -> None:
    """Raises ValueError for a name that is not in the fixed list, or has a giver already."""
    if name not in PLACEHOLDERS or name in _givers:
        message = f"{name!r} is not in the list, or is filled by another."
        raise ValueError(message)
    _givers[name] = Giver(give, at or at_agreement)


def at_agreement(agreement: Agreement) -> str:
    return reverse("agreement_edit", args=[agreement.pk])


def values_for(facts: Facts, names: Iterable[str]) -> dict[str, Value | None]:
    """None for what nobody has written, and for a name no app fills."""
    return {name: _givers[name].give(facts) if name in _givers else None for name in names}


def place_of(name: str, agreement: Agreement) -> str:
    giver = _givers.get(name)
    return giver.at(agreement) if giver else ""
