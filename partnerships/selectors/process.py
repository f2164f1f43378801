"""Processes as lists and on other pages: who invites, where they are, and how much was done together."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.access import access_of
from partnerships.asked import HERE, Asked
from partnerships.models import (
    CodesignProcess,
    Meeting,
    Membership,
    Partnership,
    PartnershipParty,
    ProcessResult,
    Proposal,
)
from partnerships.models.codesign import ProcessQuerySet, ProcessState
from partnerships.selectors.partnership_start import Actor
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.sms import shown_number
from samskaping.core.written import Given, Written

STATE_COLORS = {
    ProcessState.PREPARING: "neutral",
    ProcessState.RUNNING: "info",
    ProcessState.ENDED: "success",
}


def processes_here(user: User, membership: Membership | None) -> ProcessQuerySet:
    """What she sees of the place she works now, with its partnerships; and what she takes part in herself."""
    seen = CodesignProcess.objects.visible_to(user)
    if membership is None or membership.municipality_id is None:
        return seen
    return in_town(seen, membership.municipality_id)


def in_town(seen: ProcessQuerySet, town: int | Given) -> ProcessQuerySet:
    theirs = PartnershipParty.objects.taking_part().filter(party_municipality=town)
    return seen.filter(Q(municipality=town) | Q(partnership__in=theirs.values("partnership")))


def may_look(user: User) -> bool:
    """Those whose role has processes, guests of one, and those who take part in one by their account."""
    access = access_of(user)
    if access.may(Permission.PROCESS_READ) or access.guest_process_ids:
        return True
    return CodesignProcess.objects.visible_to(user).exists()


def came_from(user: User, **made: Any) -> CodesignProcess | None:
    """The process whose result became this offer or duty, for those who see it."""
    results = ProcessResult.objects.filter(**made)
    return CodesignProcess.objects.visible_to(user).filter(pk__in=results.values("process")).first()


def side_of(process: CodesignProcess) -> Actor | None:
    """The side that invites; None is the whole municipality."""
    return process.unit or process.centre or process.organisation


def invites(process: CodesignProcess) -> str:
    side = side_of(process)
    return side.name if side else municipality_name(process.municipality)


@dataclass(frozen=True)
class PublicContact:
    """Whom anybody may ask: a place, never a person of the group."""

    name: str
    phone: str
    email: str

    @property
    def shown_phone(self) -> str:
        return shown_number(self.phone)


def contact_of(process: CodesignProcess) -> PublicContact:
    """The side that invites; where it has told no number or address, the municipality, but not for a club."""
    side, settings = side_of(process), settings_of(process.municipality)
    if side is not None and (side.phone or side.email or process.organisation_id or settings is None):
        return PublicContact(side.name, side.phone, side.email)
    if settings is None:
        return PublicContact(municipality_name(process.municipality), "", "")
    return PublicContact(settings.contact_name, settings.contact_phone, settings.contact_email)


# --- «Utviklet sammen» ------------------------------------------------------------------------------------
def meetings_held() -> QuerySet[Meeting]:
    """Those of everybody: what citizens talk of alone is theirs, the number too."""
    return Meeting.objects.held().for_everybody()


@dataclass(frozen=True)
class Developed:
    """How much was done together; what is said of an offer or a partnership is worked out from it."""

    meetings: int = 0
    proposals: int = 0

    def __bool__(self) -> bool:
        return bool(self.meetings or self.proposals)

    def __str__(self) -> str:
        """«Utviklet sammen (3 møter, 18 innspill)». Never a scolding where it is not."""
        parts = []
        if self.meetings:
            said = ngettext("%(count)s møte", "%(count)s møter", self.meetings)
            parts.append(said % {"count": self.meetings})
        if self.proposals:
            said = ngettext("%(count)s innspill", "%(count)s innspill", self.proposals)
            parts.append(said % {"count": self.proposals})
        if not parts:
            return _("Ikke utviklet sammen ennå")
        return _("Utviklet sammen (%(what)s)") % {"what": ", ".join(parts)}


def developed(processes: Iterable[int]) -> Developed:
    """One query for all of them, whoever asks: it tells numbers and nothing else."""
    keys = list(processes)
    if not keys:
        return Developed()
    pairs = _COUNTS.rows(processes=keys)
    return Developed(sum(held for held, _given in pairs), sum(given for _held, given in pairs))


def _counts() -> QuerySet[Any, Any]:
    counted: Any = with_counts(CodesignProcess.objects.filter(pk__in=Given("processes")))
    return counted.values_list("held", "given")  # type: ignore[no-any-return]


_COUNTS = Written(_counts)


def with_counts(found: ProcessQuerySet) -> ProcessQuerySet:
    """Adds `held` and `given`: meetings and proposals, as subqueries that read one index each."""
    return found.order_by().annotate(
        held=counted(meetings_held(), "process"), given=counted(Proposal.objects.all(), "process")
    )


def counted(of: QuerySet[Any], by: str) -> Coalesce:
    """How many of these hang on the outer row."""
    mine = of.filter(**{by: OuterRef("pk")}).order_by().values(by).annotate(number=Count("pk"))
    return Coalesce(Subquery(mine.values("number")), 0)


# A partnership's, with their counts.
PROCESSES = Asked(
    lambda: with_counts(CodesignProcess.objects.filter(partnership=HERE)).order_by("-created_at", "-pk")
)


def processes_of(partnership: Partnership) -> list[CodesignProcess]:
    return PROCESSES.of(partnership)
