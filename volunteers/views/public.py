"""Pages for anybody: a municipality, where somebody is looked for, and one such task. No session is made."""

from typing import Any

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_safe

from partnerships.public import (
    contact_point,
    in_use,
    municipality_in_use,
    open_processes,
    reply_by,
    strategies_in_force,
    usual_reply_days,
)
from partnerships.selectors.words import language_of, municipality_name
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number
from volunteers.forms.public import FindForm
from volunteers.models import Opening
from volunteers.selectors.opening import is_light
from volunteers.selectors.public import (
    OFFERS_SHOWN,
    SHOWN_HERE,
    offer_shown,
    offers_public,
    openings_found,
    openings_public,
    shown,
)

PER_PAGE, TOWNS_SHOWN = 20, 12


@require_safe
def municipality(request: HttpRequest, number: str) -> HttpResponse:
    """Whom to ask, what happens, where somebody is looked for, what one can join, and what is decided."""
    town = municipality_in_use(number)
    openings = list(openings_found(municipality=town)[: SHOWN_HERE + 1])
    offers = list(offers_public(town)[: OFFERS_SHOWN + 1])
    context = {
        "town": town,
        "name": municipality_name(town),
        "language": language_of(town),
        "contact": contact_point(town),
        "openings": [shown(one) for one in openings[:SHOWN_HERE]],
        "more_openings": len(openings) > SHOWN_HERE,
        "offers": [offer_shown(one) for one in offers[:OFFERS_SHOWN]],
        "more_offers": len(offers) > OFFERS_SHOWN,
        "processes": open_processes(town)[:SHOWN_HERE],
        "strategies": strategies_in_force(town),
        "idea_days": usual_reply_days(town),
        "feeds": feeds_of(town),
    }
    return render(request, "volunteers/public/municipality.html", context)


@require_safe
def find(request: HttpRequest) -> HttpResponse:
    """«Bli frivillig»: all that is open, and what is chosen stands in the address alone."""
    towns = list(in_use().order_by("name_key", "number"))
    form = FindForm(request.GET, towns=[(town.number, municipality_name(town)) for town in towns])
    chosen = form.cleaned_data if form.is_valid() else {}
    number = chosen.get("kommune", "")
    town = next((one for one in towns if one.number == number), towns[0] if len(towns) == 1 else None)
    found = openings_found(
        municipality=town,
        q=chosen.get("q", ""),
        area=chosen.get("tema", ""),
        free=chosen.get("tid", ""),
        how_much=chosen.get("mye", ""),
        language=chosen.get("sprak", ""),
    )
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    openings = [shown(one) for one in page.object_list]
    context = {
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s oppdrag", "%(count)s oppdrag", count) % {"count": count},
        "page_obj": page,
        "openings": openings,
        "town": town,
        "name": municipality_name(town) if town else "",
        # A handful may be chosen from; a whole country is chosen among in the filter.
        "towns": [(one, municipality_name(one)) for one in towns] if len(towns) <= TOWNS_SHOWN else [],
        "any_towns": bool(towns),
        "several": len(towns) > 1,
        "feeds": feeds_of(town) if town else {},
    }
    return render(request, "volunteers/public/find.html", context)


@require_safe
def opening(request: HttpRequest, pk: int) -> HttpResponse:
    found = opening_or_404(pk)
    town = found.municipality
    ring = found.offer.ring or contact_point(town).phone
    context = {
        "one": shown(found),
        "opening": found,
        "offer": found.offer,
        "town": town,
        "joins": found.at_once and is_light(found.offer),
        "ring": ring,
        "shown_ring": shown_number(ring),
        "reply_by": reply_by(town, timezone.localdate()),
        "breadcrumbs": crumbs(town, found.title),
    }
    return render(request, "volunteers/public/opening.html", context)


def opening_or_404(pk: int) -> Opening:
    """One that anybody may see. Raises Http404 for one that was taken down."""
    found: Opening | None = openings_public().filter(pk=pk).first()
    if found is None:
        raise Http404
    return found


def crumbs(town: Municipality, *last: str, opening: Opening | None = None) -> list[tuple[str, str]]:
    """From the municipality's page to one under it."""
    own = [(municipality_name(town), reverse("municipality", args=[town.number]))]
    if opening is not None:
        own.append((opening.title, reverse("public_opening", args=[opening.pk])))
    return [*own, *((text, "") for text in last)]


def feeds_of(town: Municipality) -> dict[str, Any]:
    """The addresses a programme may follow, for the head of the page and its foot."""
    name = municipality_name(town)
    args = [town.number]
    return {
        "rss": reverse("municipality_rss", args=args),
        "ics": reverse("municipality_ics", args=args),
        "json": reverse("municipality_json", args=args),
        "title": _("Oppdrag og tilbud i %(name)s") % {"name": name},
    }
