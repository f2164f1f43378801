"""Those who wrote from the public pages: how they are reached, and the list of those who wait."""

from typing import Any

from django.db.models import Q, QuerySet

from partnerships.access import access_of
from partnerships.models import Membership, Person
from partnerships.models.person import Channel
from partnerships.selectors.channel import gets_sms_unasked
from partnerships.selectors.words import municipality_name
from partnerships.services.person import Side, controller_of
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.sms import shown_number
from samskaping.core.text import sort_key
from volunteers.models import SignUp
from volunteers.models.sign_up import SignUpQuerySet

LIKE_SHOWN = 5


def message_channel(sign_up: SignUp) -> Channel | None:
    """None: she is to be rung."""
    if sign_up.email:
        return Channel.EMAIL
    return Channel.SMS if sign_up.phone and gets_sms_unasked(sign_up.phone) else None


def address_of(sign_up: SignUp) -> str:
    return sign_up.email or sign_up.phone


def shown_address(sign_up: SignUp) -> str:
    return sign_up.email or shown_number(sign_up.phone)


def who_answers(sign_up: SignUp) -> str:
    side = side_of(sign_up)
    return side.name if side else municipality_name(sign_up.municipality)


def may_answer(user: User) -> bool:
    """Whether anybody's sign-ups are hers to answer: whole municipalities, a centre, an organisation."""
    access = access_of(user)
    own = access.own(Permission.VOLUNTEER_CONTACT)
    everywhere = access.municipalities_all(Permission.VOLUNTEER_CONTACT)
    return bool(everywhere or own.centre_ids or own.organisation_ids)


def sign_ups_here(user: Any, membership: Membership | None) -> SignUpQuerySet:
    """Hers to answer in the role she is in now."""
    seen = SignUp.objects.visible_to(user)
    if membership is None or membership.municipality_id is None:
        return seen.none()
    seen = seen.filter(municipality=membership.municipality_id)
    if membership.organisation_id:
        return seen.filter(organisation=membership.organisation_id)
    return seen.filter(centre=membership.centre_id) if membership.centre_id else seen


def like_her(sign_up: SignUp) -> QuerySet[Person]:
    """Of the same controller: the same address, number or name."""
    same = Q(name_key=sort_key(sign_up.name))
    if sign_up.email:
        same |= Q(email__iexact=sign_up.email)
    if sign_up.phone:
        same |= Q(phone=sign_up.phone)
    found: QuerySet[Person] = people_of(sign_up).filter(same)
    return found.select_related("volunteer").order_by("name_key", "pk")[:LIKE_SHOWN]


def people_of(sign_up: SignUp) -> QuerySet[Person]:
    """Those that whoever answers keeps."""
    kept = {"controller_organisation": None, "controller_centre": None, **controller_of(side_of(sign_up))}
    return Person.objects.filter(**kept, municipality=sign_up.municipality_id, erased_at=None)


def side_of(sign_up: SignUp) -> Side:
    """Who answers; None is the municipality."""
    return sign_up.organisation or sign_up.centre
