"""Openings as those who run the offer see them."""

from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from partnerships.models import Offer
from partnerships.models.task_check import TaskOutcome
from partnerships.selectors.offer import lacking, requirements_of
from partnerships.selectors.task_check import checks_of
from samskaping.accounts.models import User
from volunteers.models import Assignment, Opening, SignUp
from volunteers.models.assignment import OPEN
from volunteers.models.sign_up import SignUpKind

# Somebody who began and never wrote her code is nobody yet.
UNCONFIRMED = Q(sign_ups__kind=SignUpKind.AT_ONCE, sign_ups__confirmed_at=None)


def is_light(offer: Offer) -> bool:
    """Whether somebody may begin without a talk: volunteers may do it, and nothing is asked of them."""
    outcomes = list(checks_of(offer.partnership_id).values_list("outcome", flat=True))
    if not outcomes or any(outcome != TaskOutcome.YES for outcome in outcomes):
        return False
    asked = requirements_of(offer).exists()
    return not asked and not lacking(offer.pk, offer.partnership_id).exists()


def taken(opening: Opening) -> int:
    """How many who came through it are there still, each once however often she wrote."""
    there = Assignment.objects.filter(offer=opening.offer_id, volunteer=OuterRef("volunteer"), state__in=OPEN)
    came = SignUp.objects.filter(Exists(there), opening=opening).order_by()
    return came.values("volunteer").distinct().count()


def openings_of(offer: Offer) -> "QuerySet[Opening, Any]":
    """The newest first; how many wrote is a number for all who see the offer."""
    answers = Count("sign_ups", filter=Q(sign_ups__isnull=False) & ~UNCONFIRMED)
    found: QuerySet[Opening, Any] = Opening.objects.filter(offer=offer).annotate(answers=answers)
    return found.order_by("-opened_at", "-pk")


def is_open(opening: Opening) -> bool:
    today = timezone.localdate()
    return opening.closed_at is None and (opening.closes_on is None or opening.closes_on >= today)


def sign_ups_seen(opening: Opening, user: User) -> QuerySet[SignUp]:
    """Those she may answer herself."""
    return SignUp.objects.visible_to(user).filter(opening=opening).order_by("-at", "-pk")


def wrote_to(opening: Opening) -> int:
    """All who wrote about it, whoever answers them."""
    return SignUp.objects.filter(opening=opening).exclude(kind=SignUpKind.AT_ONCE, confirmed_at=None).count()
