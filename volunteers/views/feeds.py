"""What is open in a municipality, for calendars, readers and other pages: iCal, RSS and JSON.

Without a session and in the municipality's own language, so that anybody between may keep the answer a while.
"""

from datetime import datetime, timedelta
from typing import Any
from xml.sax.saxutils import escape

from django.conf import settings
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import http_date
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.public import municipality_in_use
from partnerships.selectors.words import language_of, municipality_name
from samskaping.core.ics import Event, calendar_response
from samskaping.core.models import Municipality
from volunteers.selectors.public import (
    PublicOpening,
    occurrences_public,
    offer_shown,
    offers_public,
    openings_found,
    shown,
)

AHEAD = timedelta(days=90)
AT_MOST, TIMES_AT_MOST = 200, 1000
KEPT = "public, max-age=900"
# What XML cannot hold, however it is escaped.
_CONTROLS = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])


@require_safe
def ics(request: HttpRequest, number: str) -> HttpResponse:
    town = municipality_in_use(number)
    with translation.override(language_of(town)):
        times = occurrences_public(town, timezone.now() + AHEAD)[:TIMES_AT_MOST]
        events = [
            Event(
                uid=one.uid,
                starts_at=one.starts_at,
                ends_at=one.ends_at,
                title=one.offer.title,
                changed_at=one.updated_at,
                sequence=one.sequence,
                place=one.place or one.offer.place,
                url=_site(reverse("municipality", args=[town.number])),
                is_cancelled=one.cancelled_at is not None,
            )
            for one in times
        ]
        response = calendar_response(events, name=municipality_name(town), file="tilbud")
    return _kept(response)


@require_safe
def rss(request: HttpRequest, number: str) -> HttpResponse:
    town = municipality_in_use(number)
    with translation.override(language_of(town)):
        items = "".join(_item(one) for one in _openings(town))
        title = _text(_("Bli frivillig i %(name)s") % {"name": municipality_name(town)})
        about = _text(_("Oppdrag som søker folk."))
        own = _text(_site(reverse("municipality_rss", args=[town.number])))
        feed = (
            '<?xml version="1.0" encoding="UTF-8"?>\n'
            '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel>'
            f"<title>{title}</title><link>{_text(_site(reverse('municipality', args=[town.number])))}</link>"
            f"<description>{about}</description><language>{translation.get_language()}</language>"
            f'<atom:link href="{own}" rel="self" type="application/rss+xml"/>{items}</channel></rss>\n'
        )
    return _kept(HttpResponse(feed, content_type="application/rss+xml; charset=utf-8"))


@require_safe
def as_json(request: HttpRequest, number: str) -> HttpResponse:
    town = municipality_in_use(number)
    with translation.override(language_of(town)):
        found = {
            "municipality": {"number": town.number, "name": municipality_name(town)},
            "page": _site(reverse("municipality", args=[town.number])),
            "openings": [_opening(one) for one in _openings(town)],
            "offers": [
                {
                    "title": one.offer.title,
                    "about": one.offer.about,
                    "for_whom": one.offer.for_whom,
                    "areas": one.offer.areas,
                    "when": one.when,
                    "place": one.offer.place,
                    "held_by": one.held_by,
                    "phone": one.phone,
                    "sign_up": one.offer.sign_up_url,
                }
                for one in map(offer_shown, offers_public(town)[:AT_MOST])
            ],
        }
    response = JsonResponse(found, json_dumps_params={"ensure_ascii": False})
    # Anybody's page may show what is open here.
    response["Access-Control-Allow-Origin"] = "*"
    response["Cross-Origin-Resource-Policy"] = "cross-origin"
    return _kept(response)


def _openings(town: Municipality) -> list[PublicOpening]:
    return [shown(one) for one in openings_found(municipality=town)[:AT_MOST]]


def _opening(one: PublicOpening) -> dict[str, Any]:
    opening = one.opening
    return {
        "title": opening.title,
        "about": opening.about,
        "offer": opening.offer.title,
        "areas": opening.offer.areas,
        "held_by": one.held_by,
        "when": one.when,
        "place": one.place,
        "how_much": opening.how_much,
        "languages": opening.languages,
        "for_young": opening.for_young,
        "at_once": opening.at_once,
        "closes_on": opening.closes_on,
        "url": _site(reverse("public_opening", args=[opening.pk])),
        "sign_up": one.own_sign_up,
    }


def _item(one: PublicOpening) -> str:
    url = _text(_site(reverse("public_opening", args=[one.opening.pk])))
    about = ". ".join(filter(None, (one.held_by, one.when, one.place, one.opening.about)))
    return (
        f"<item><title>{_text(one.title)}</title><link>{url}</link><guid>{url}</guid>"
        f"<pubDate>{_date(one.opening.opened_at)}</pubDate><description>{_text(about)}</description></item>"
    )


def _text(text: str) -> str:
    return escape(text.translate(_CONTROLS), {'"': "&quot;"})


def _date(at: datetime) -> str:
    return http_date(at.timestamp())


def _site(path: str) -> str:
    return settings.SITE_URL + path


def _kept(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = KEPT
    return response
