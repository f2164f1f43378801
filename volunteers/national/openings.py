"""Somebody is looked for at every fifth offer, and now and then somebody has written."""

from datetime import timedelta

from django.utils import timezone

from partnerships.models import Offer
from partnerships.models.offer import OfferState
from partnerships.national.nation import Nation
from partnerships.national.words import person
from volunteers.models import Opening, SignUp
from volunteers.models.sign_up import SignUpKind, SignUpOutcome
from volunteers.models.volunteer import HowMuch

ORDER = 60
EVERY = 5
TITLES = ("Koke kaffe", "Gå tur", "Lese høyt", "Spille piano", "Kjøre bil", "Hjelpe til med lekser")


def load(nation: Nation) -> None:
    if nation.has(Opening.objects.all()):
        return
    running = Offer.objects.filter(municipality__is_demo=False, state=OfferState.RUNNING).order_by("pk")
    chosen = (offer for nth, offer in enumerate(running.only("municipality_id")) if nth % EVERY == 0)
    openings = nation.write(Opening, (_opening(nation, offer) for offer in chosen))
    nation.write(SignUp, (_sign_up(nation, opening) for opening in openings))


def _opening(nation: Nation, offer: Offer) -> Opening:
    is_closed = nation.random.random() < 0.3
    return Opening(
        municipality_id=offer.municipality_id,
        offer=offer,
        title=nation.random.choice(TITLES),
        how_much=nation.random.choice(HowMuch.values),
        wanted=nation.random.randrange(1, 5),
        closed_at=timezone.now() - timedelta(days=5) if is_closed else None,
    )


def _sign_up(nation: Nation, opening: Opening) -> SignUp:
    """Most have had their answer."""
    answered = nation.random.random() < 0.8
    name = person(nation.random)
    return SignUp(
        municipality_id=opening.municipality_id,
        opening=opening,
        kind=nation.random.choice((SignUpKind.QUESTION, SignUpKind.INTEREST)),
        name=name,
        email=f"ny{opening.pk}@nasjon.example",
        reply_by=nation.days_ago(60) if answered else nation.days_on(7),
        answered_at=timezone.now() - timedelta(days=10) if answered else None,
        outcome=SignUpOutcome.ANSWERED if answered else "",
    )
