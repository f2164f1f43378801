"""What a partnership knows already: what it is for, what was agreed, what it rests on, and its offers."""

from collections.abc import Callable
from decimal import Decimal

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from agreements.clauses import Value, lines, words
from agreements.facts import At, Facts, fills
from agreements.models import Agreement
from partnerships.models import Offer
from partnerships.models.task_check import TaskOutcome
from partnerships.selectors.frame import rests_on
from partnerships.selectors.offer_times import times_of
from partnerships.selectors.responsibility_board import Who
from partnerships.selectors.sides import side_name
from samskaping.core.sms import shown_number


def register() -> None:
    fills("samarbeid", partnership)
    fills("formal", purpose, at=_page("partnership_edit"))
    fills("gevinster", gains, at=_page("understanding"))
    for name, field in (
        ("skal", "shall"),
        ("skal_ikke", "shall_not"),
        ("mottakere_kan_vente_seg", "recipients_can_expect"),
    ):
        fills(name, _agreed(field), at=_page("understanding_together"))
    fills("vedtak", decision, at=_page("frame"))
    fills("rammer", frame, at=_page("frame"))
    fills("tid_og_ressurser", resources, at=_page("frame"))
    fills("malgruppe", lambda facts: lines(offer.for_whom for offer in facts.offers), at=at_offer)
    fills("tilbud", offers, at=at_offer)
    fills("tid_og_sted", times, at=at_offer)
    fills("utgifter", _of_offers("expenses"), at=at_offer)
    fills("forsikring", _of_offers("insurance"), at=at_offer)
    fills("ring", ring, at=at_offer)
    fills("krav", requirements, at=_page("task_checks"))
    fills("vilkar", conditions, at=_page("task_checks"))
    fills("ansvarskart", duties, at=_page("partnership_map"))


def partnership(facts: Facts) -> Value | None:
    """One that belongs to no partnership is about what a volunteer takes part in, else what it is called."""
    if facts.partnership is not None:
        return words(facts.partnership.title)
    return words(", ".join(offer.title for offer in facts.offers) or facts.agreement.title)


def purpose(facts: Facts) -> Value | None:
    return words(facts.partnership.purpose) if facts.partnership else None


def gains(facts: Facts) -> Value | None:
    """In each side's own words."""
    sides = facts.understanding.sides.all() if facts.understanding else ()
    return lines(f"{side_name(side.party)}: {side.gains}" for side in sides if side.gains)


def decision(facts: Facts) -> Value | None:
    frame = facts.frame
    if frame is None:
        return None
    day = formats.date_format(frame.decided_on, "j. F Y") if frame.decided_on else ""
    said = ", ".join(part for part in (frame.decided_by, day) if part)
    return lines((said, rests_on(frame)))


def frame(facts: Facts) -> Value | None:
    return lines((facts.frame.clarifications, facts.frame.mandate)) if facts.frame else None


def resources(facts: Facts) -> Value | None:
    found = facts.frame
    if found is None:
        return None
    return lines((_weekly(found.hours_a_week), found.resources))


def _weekly(hours: Decimal | None) -> str:
    if not hours:
        return ""
    # Half an hour is «0,5 timer»: only the whole one is singular.
    said = ngettext(
        "%(hours)s time i uka er satt av", "%(hours)s timer i uka er satt av", 1 if hours == 1 else 2
    )
    return said % {"hours": formats.number_format(hours.normalize())}


def offers(facts: Facts) -> Value | None:
    return lines(f"{offer.title}: {offer.about}" if offer.about else offer.title for offer in facts.offers)


def times(facts: Facts) -> Value | None:
    """With which offer it is, where there are several."""
    return lines(_said(facts, offer, ", ".join(_when_and_where(offer))) for offer in facts.offers)


def ring(facts: Facts) -> Value | None:
    """Of the offers; else the number of a party that has one."""
    of_offers = lines(_said(facts, offer, _whom_to_ring(offer)) for offer in facts.offers)
    return of_offers or lines(
        f"{actor.name} {shown_number(actor.phone)}" for actor in facts.parties if actor.phone
    )


def requirements(facts: Facts) -> Value | None:
    of_offers = [str(row.kind) for offer in facts.offers for row in offer.requirements.all()]
    of_checks = [str(row.kind) for check in facts.checks for row in check.required.all()]
    return lines([*of_offers, *of_checks])


def conditions(facts: Facts) -> Value | None:
    """What the task checks said has to be agreed; not for what is the municipality's own task."""
    allowed = [check for check in facts.checks if check.outcome != TaskOutcome.MUNICIPAL]
    return lines(condition for check in allowed for condition in check.conditions)


def duties(facts: Facts) -> Value | None:
    cards = facts.board.cards if facts.board else []
    rows = tuple((card.duty.text, _holder(card.holder)) for card in cards)
    return Value((), (_("Oppgave"), _("Ansvarlig")), rows) if rows else None


def at_offer(agreement: Agreement) -> str:
    """The one offer there is; else where one is begun."""
    if agreement.partnership is None:
        return ""
    found = list(
        Offer.objects.open().filter(partnership=agreement.partnership).values_list("pk", flat=True)[:2]
    )
    if len(found) == 1:
        return reverse("offer", args=found)
    return reverse("partnership" if found else "offer_start_in", args=[agreement.partnership.pk])


def _page(name: str) -> At:
    def at(agreement: Agreement) -> str:
        return reverse(name, args=[agreement.partnership_id]) if agreement.partnership_id else ""

    return at


def _agreed(field: str) -> Callable[[Facts], Value | None]:
    def give(facts: Facts) -> Value | None:
        return lines(getattr(facts.understanding, field)) if facts.understanding else None

    return give


def _of_offers(field: str) -> Callable[[Facts], Value | None]:
    def give(facts: Facts) -> Value | None:
        found = {getattr(offer, field) for offer in facts.offers}
        if len(found) == 1:
            return words(found.pop())
        return lines(_said(facts, offer, getattr(offer, field)) for offer in facts.offers)

    return give


def _said(facts: Facts, offer: Offer, said: str) -> str:
    return f"{offer.title}: {said}" if said and len(facts.offers) > 1 else said


def _when_and_where(offer: Offer) -> list[str]:
    times = times_of(offer)
    return [part for part in (times.in_words() if times else "", offer.place) if part]


def _whom_to_ring(offer: Offer) -> str:
    person = offer.contact if offer.contact and offer.contact.erased_at is None else None
    own = person.phone if person and not person.hide_contact else ""
    number = shown_number(offer.ring or own)
    return " ".join(part for part in (person.name if person else "", number) if part) if number else ""


def _holder(who: Who | None) -> str:
    if who is None:
        return _("ikke avtalt ennå")
    return ", ".join(dict.fromkeys(part for part in (who.name, who.side) if part))
