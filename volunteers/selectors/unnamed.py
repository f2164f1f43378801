"""Those who are with us through another controller: as numbers, until their names are shared."""

from typing import Any

from django.db.models import Count, QuerySet
from django.utils.translation import gettext as _

from partnerships.access import access_of
from partnerships.models import Organisation, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from volunteers.models import Assignment, Volunteer
from volunteers.models.assignment import offers_reached

# Whose the most are; there may be many clubs at one offer, too.
SHOWN = 4


def unnamed_here(user: User, municipality: Municipality) -> list[tuple[str, int]]:
    """At the offers she runs: who keeps them, and how many; the most first."""
    there = Assignment.objects.there()
    if municipality.pk not in access_of(user).municipalities_all(Permission.VOLUNTEER_NAMES):
        offers = offers_reached(user, Permission.VOLUNTEER_NAMES).filter(municipality=municipality)
        there = there.filter(offer__in=offers.order_by().values("pk"))
    return _unnamed(there, user, municipality)


def unnamed_in_words(there: QuerySet[Assignment], user: User, municipality: Municipality) -> list[str]:
    """Those who are there, beside the ones she may know: «3 fra Fjordvik turlag»."""
    every = _unnamed(there, user, municipality)
    words = [_("%(count)s fra %(name)s") % {"count": number, "name": name} for name, number in every[:SHOWN]]
    rest = sum(number for _name, number in every[SHOWN:])
    return [*words, _("%(count)s fra andre") % {"count": rest}] if rest else words


def _unnamed(there: QuerySet[Assignment], user: User, municipality: Municipality) -> list[tuple[str, int]]:
    counted = list(
        Volunteer.objects.unknown_to(user)
        .filter(municipality=municipality, person__municipality=municipality)
        .filter(pk__in=there.filter(municipality=municipality).order_by().values("volunteer"))
        .order_by()
        .values_list("person__controller_organisation", "person__controller_centre")
        .annotate(number=Count("pk"))
    )
    # Names are asked for once each, not once for each of the people.
    organisations = _names(Organisation.objects.filter(pk__in={one[0] for one in counted if one[0]}))
    centres = _names(VolunteerCentre.objects.filter(pk__in={one[1] for one in counted if one[1]}))
    by_key = sorted(
        (
            -number,
            *(organisations.get(organisation) or centres.get(centre) or ("", str(_("kommunen")))),
        )
        for organisation, centre, number in counted
    )
    return [(name, -number) for number, _key, name in by_key]


def _names(of: QuerySet[Any]) -> dict[int | None, tuple[str, str]]:
    return {pk: (key, name) for pk, key, name in of.order_by().values_list("pk", "name_key", "name")}
