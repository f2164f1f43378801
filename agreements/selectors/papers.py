"""A volunteer's own papers: which she has, what is proposed for the rest, and who signs them for us."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils import timezone

from agreements.models import Agreement, Signatory
from agreements.models.agreement import NOT_YET, AgreementKind, AgreementState
from agreements.models.envelope import OPEN
from agreements.selectors.agreement import state_tag
from agreements.services.requirement import MEETS
from partnerships.models import Organisation, Partnership, VolunteerCentre
from partnerships.models.areas import Area
from partnerships.selectors.actor_names import Actor
from partnerships.selectors.channel import code_channel
from samskaping.accounts.models import User
from samskaping.core.models import ContentTemplate
from volunteers.models import Assignment, Volunteer

SHOWN = 6
# Which of our declarations suits what she helps with; the rest is the municipality in general.
SECTORS = {Area.HEALTH: "helse", Area.ELDERLY: "helse", Area.UPBRINGING: "oppvekst"}
STANDS = (*NOT_YET, AgreementState.ACTIVE)


def begun_kinds(volunteer: Volunteer) -> set[AgreementKind]:
    """Those that are written, sent or signed, and not over."""
    rows = Agreement.objects.filter(person=volunteer.person_id, kind__in=MEETS, state__in=STANDS)
    return begun_among(rows.only("kind", "state", "ends_on"))


def begun_among(agreements: Iterable[Agreement]) -> set[AgreementKind]:
    today = timezone.localdate()
    return {
        AgreementKind(one.kind)
        for one in agreements
        if one.state in NOT_YET
        or (one.state == AgreementState.ACTIVE and (one.ends_on is None or one.ends_on >= today))
    }


@dataclass(frozen=True)
class Paper:
    agreement: Agreement
    tag: dict[str, str]
    # She herself, while it is her turn: what is signed on paper is noted beside her name.
    waits_for: int | None


def papers_of(volunteer: Volunteer, user: User) -> list[Paper]:
    """The newest first. Two questions, however many."""
    today = timezone.localdate()
    seen = Agreement.objects.visible_to(user).filter(person=volunteer.person_id, kind__in=MEETS)
    rows = list(seen.order_by("-pk")[:SHOWN])
    if not rows:
        return []
    waiting = Signatory.objects.filter(
        envelope__agreement__in=[one.pk for one in rows], envelope__state__in=OPEN,
        person=volunteer.person_id, party=None, copy_only=False, signature=None,
    )  # fmt: skip
    hers = dict(waiting.values_list("envelope__agreement", "pk"))
    return [Paper(one, state_tag(one, today), hers.get(one.pk)) for one in rows]


def offers_of(volunteer: Volunteer) -> list[Assignment]:
    rows = Assignment.objects.there().filter(volunteer=volunteer)
    return list(
        rows.select_related(
            "offer__partnership", "offer__unit", "offer__centre", "offer__organisation"
        ).order_by("starts_on", "pk")
    )


def side_of(volunteer: Volunteer, there: Sequence[Assignment], sides: dict[str, Actor]) -> str:
    """The key of the side she is most likely to promise something to: where she belongs, else where she
    helps, else the first."""
    places = [volunteer.organisation, volunteer.centre, volunteer.unit]
    for one in there:
        places += [one.offer.unit, one.offer.centre, one.offer.organisation]
    for place in places:
        for key, side in sides.items():
            if place is not None and place == side:
                return key
    return next(iter(sides), "")


def partnership_of(there: Sequence[Assignment], user: User) -> Partnership | None:
    """The one all she takes part in belongs to, when whoever sends it works there, too."""
    found = {one.offer.partnership_id for one in there}
    only = found.pop() if len(found) == 1 else None
    return Partnership.objects.worked_in_by(user).filter(pk=only).first() if only else None


def declaration_for(
    texts: Sequence[ContentTemplate], side: Actor | None, there: Sequence[Assignment]
) -> ContentTemplate | None:
    """The one for her sector, else for the kind of side, else the first there is."""
    outside = isinstance(side, Organisation) or (isinstance(side, VolunteerCentre) and side.is_controller)
    areas = [area for one in there for area in one.offer.partnership.areas]
    sector = next((SECTORS[Area(area)] for area in areas if area in SECTORS), "kommune")
    for wanted in ("organisasjon",) if outside else (sector, "kommune"):
        for text in texts:
            if text.data.get("sector") == wanted:
                return text
    return texts[0] if texts else None


def of_kind(texts: Sequence[ContentTemplate], kind: AgreementKind) -> list[ContentTemplate]:
    return [text for text in texts if text.data["agreement_kind"] == kind]


def on_paper(volunteer: Volunteer) -> bool:
    """No code reaches her."""
    return code_channel(volunteer.person) is None
