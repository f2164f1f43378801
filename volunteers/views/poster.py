"""A poster for the wall, one A4: what it is, and the way there for a telephone's camera."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import override
from django.views.decorators.http import require_safe

from partnerships.access import get_visible
from partnerships.current import current_membership, user_of
from partnerships.models import Offer
from partnerships.public import contact_point
from partnerships.selectors.offer import held_by, when, with_sides
from partnerships.selectors.words import language_of, municipality_name
from samskaping.core import pdf
from samskaping.core.models import Municipality
from samskaping.core.qr import qr
from samskaping.core.sms import shown_number
from samskaping.press.keeper import PressAway
from volunteers.views.opening import seen_opening


@login_required
@require_safe
def of_opening(request: HttpRequest, pk: int) -> HttpResponse:
    found = seen_opening(request, pk)
    address = reverse("public_opening", args=[found.pk])
    town = found.municipality
    return _poster(request, town, found.title, found.about, address, found.offer, back=("opening", found.pk))


@login_required
@require_safe
def of_offer(request: HttpRequest, pk: int) -> HttpResponse:
    """For who would come, and who would help: the way leads to the municipality's page."""
    offer = get_visible(user_of(request), with_sides(Offer.objects.all()), pk=pk)
    town = offer.municipality
    address = reverse("municipality", args=[town.number])
    return _poster(request, town, offer.title, offer.about, address, offer, back=("offer", offer.pk))


@login_required
@require_safe
def of_municipality(request: HttpRequest) -> HttpResponse:
    """«Bli frivillig», for everybody who works there to hang up."""
    membership = current_membership(request)
    town = membership.municipality if membership is not None else None
    if town is None:
        raise PermissionDenied
    with override(language_of(town)):
        title = _("Bli frivillig")
        about = _("Se hva du kan være med på, spør oss, eller meld deg på. Du trenger ingen konto.")
    address = reverse("municipality", args=[town.number])
    return _poster(request, town, title, about, address, None, back=("this_week", None))


def _poster(
    request: HttpRequest,
    town: Municipality,
    title: str,
    about: str,
    path: str,
    offer: Offer | None,
    *,
    back: tuple[str, int | None],
) -> HttpResponse:
    """In the municipality's language: it hangs where everybody reads it."""
    url = settings.SITE_URL + path
    language = language_of(town)
    with override(language):
        context = {
            "about": about,
            "when": capfirst(when(offer)) if offer else "",
            "place": offer.place if offer else "",
            "held_by": held_by(offer) if offer else "",
            "address": url.partition("://")[2].rstrip("/"),
            "contact": contact_point(town),
            "ring": shown_number(offer.ring) if offer else "",
            "sender": municipality_name(town),
        }
    try:
        images = {"qr": qr(url, box_size=10)}
        content = pdf.render("poster", context, language=language, title=title, images=images)
    except (pdf.PdfRefused, PressAway):
        messages.error(request, _("Vi klarte ikke å lage plakaten nå. Prøv igjen om litt."))
        name, pk = back
        return redirect(name, *([pk] if pk is not None else []))
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="plakat.pdf"'
    return response
