"""When an offer is."""

from partnerships.models import Offer
from partnerships.recurrence import Times


def times_of(offer: Offer) -> Times | None:
    """None until somebody has said when."""
    if offer.first_on is None or offer.from_time is None or offer.to_time is None:
        return None
    return Times(offer.first_on, offer.from_time, offer.to_time, offer.rule, offer.skips_holidays)
