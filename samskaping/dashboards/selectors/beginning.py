"""How far a municipality has come: the first ten minutes, and five steps that tick themselves off."""

from dataclasses import dataclass
from typing import Any, NamedTuple

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.models import Agreement
from partnerships.access import access_of
from partnerships.models import (
    DutyHolder,
    FirstMinutes,
    Organisation,
    Partnership,
    PartnershipParty,
    Strategy,
    TaskCheck,
)
from partnerships.models.strategy import StrategyState
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.registries import Viewer
from samskaping.core.written import Given, Written, ask

# So few organisations somebody may have typed in while inviting people; more were put in on purpose.
NEARLY_NONE = 3


class Counts(NamedTuple):
    """How many of each the municipality has."""

    organisations: int
    partnerships: int
    parties: int
    agreements: int
    holders: int
    checks: int
    strategies: int


@dataclass(frozen=True)
class Step:
    title: str
    about: str
    # What is there, in words; what ticks the step is that there is something.
    there: str
    done: bool
    url: str
    action: str


@dataclass(frozen=True)
class Beginning:
    step: int
    # The home page begins with the first ten minutes: not gone through, and begun or nothing here yet.
    minutes_wait: bool
    put_away: bool
    steps: list[Step]

    @property
    def done(self) -> int:
        return sum(step.done for step in self.steps)

    @property
    def next(self) -> Step | None:
        return next((step for step in self.steps if not step.done), None)

    @property
    def steps_wait(self) -> bool:
        return not self.put_away and self.next is not None


def beginning_for(viewer: Viewer) -> Beginning | None:
    """For those who answer for the municipality they work in now."""
    membership = viewer.membership
    reached = access_of(viewer.user).municipalities_all(Permission.ACTOR_EDIT)
    if membership is None or membership.municipality_id not in reached:
        return None
    return beginning_of(membership.municipality)


def beginning_of(municipality: Municipality) -> Beginning:
    """One query."""
    (counts,), minutes = ask((_COUNTS, _MINUTES), {"town": municipality.pk})
    found, now = Counts(**counts), minutes[0] if minutes else FirstMinutes()
    nothing_here = found.partnerships == 0 and found.organisations <= NEARLY_NONE
    return Beginning(
        step=now.step,
        minutes_wait=now.finished_at is None and (now.step > 1 or nothing_here),
        put_away=now.steps_put_away_at is not None,
        steps=_steps(found),
    )


def _count(rows: QuerySet[Any]) -> Coalesce:
    """How many the municipality has, as part of the one query."""
    of_town = rows.filter(municipality=OuterRef("pk")).order_by().values("municipality")
    return Coalesce(Subquery(of_town.annotate(n=Count("pk")).values("n"), IntegerField()), 0)


_COUNTS = Written(
    lambda: (
        Municipality.objects.filter(pk=Given("town"))
        .order_by()
        .values(
            organisations=_count(Organisation.objects.filter(ended_at=None)),
            partnerships=_count(Partnership.objects.all()),
            parties=_count(PartnershipParty.objects.taking_part().filter(unit=None)),
            agreements=_count(Agreement.objects.running()),
            holders=_count(DutyHolder.objects.now()),
            checks=_count(TaskCheck.objects.all()),
            strategies=_count(Strategy.objects.filter(state=StrategyState.IN_FORCE)),
        )
    )
)
_MINUTES = Written(lambda: FirstMinutes.objects.filter(municipality=Given("town")))


def _steps(found: Counts) -> list[Step]:
    return [
        Step(
            title=_("Forankring"),
            about=_("Ledelsen og lagene er enige om hva frivillighet og kommune vil sammen."),
            there=ngettext(
                "%(n)s frivilligstrategi gjelder.", "%(n)s frivilligstrategier gjelder.", found.strategies
            )
            % {"n": found.strategies}
            if found.strategies
            else _("Ingen frivilligstrategi er lagt inn ennå."),
            done=found.strategies > 0,
            url=reverse("strategies"),
            action=_("Til strategiene"),
        ),
        Step(
            title=_("Kartlegging"),
            about=_("Dere vet hvem som er her: lag, sentraler, menigheter og bedrifter."),
            there=ngettext("%(n)s lag er lagt inn.", "%(n)s lag er lagt inn.", found.organisations)
            % {"n": found.organisations}
            if found.organisations
            else _("Ingen lag er lagt inn ennå."),
            done=found.organisations > NEARLY_NONE,
            url=reverse("first_minutes_organisations"),
            action=_("Huk av lagene dere kjenner"),
        ),
        Step(
            title=_("Dialog"),
            about=_("Dere snakker sammen, og noe er i gang."),
            there=_("%(n)s samarbeid, og %(parties)s ganger har et lag eller en sentral sagt ja.")
            % {"n": found.partnerships, "parties": found.parties}
            if found.partnerships
            else _("Ingen samarbeid er lagt inn ennå."),
            done=found.parties > 0,
            url=reverse("first_minutes_partnerships"),
            action=_("Legg inn noe dere har i gang"),
        ),
        Step(
            title=_("Ansvarskart"),
            about=_("Alle vet hvem som gjør hva, også når noen slutter."),
            there=ngettext(
                "%(n)s oppgave har en ansvarlig.", "%(n)s oppgaver har en ansvarlig.", found.holders
            )
            % {"n": found.holders}
            if found.holders
            else _("Ingen oppgaver har en ansvarlig ennå."),
            done=found.holders > 0,
            url=reverse("responsibility_maps"),
            action=_("Til ansvarskartet"),
        ),
        Step(
            title=_("Juridisk avklaring"),
            about=_(
                "Det som må avtales, er avtalt: hva frivillige kan gjøre, og hva dere har skrevet under på."
            ),
            there=_("%(agreements)s avtaler gjelder, og %(checks)s oppgaver er avklart.")
            % {"agreements": found.agreements, "checks": found.checks}
            if found.agreements or found.checks
            else _("Ingen avtaler er registrert, og ingen oppgaver er avklart ennå."),
            done=found.agreements > 0 or found.checks > 0,
            url=reverse("agreements"),
            action=_("Til avtalene"),
        ),
    ]
