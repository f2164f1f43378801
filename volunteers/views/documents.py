"""A document made while she waits: small ones are there in a second."""

from collections.abc import Callable

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from samskaping.core import pdf
from samskaping.press.keeper import PressAway


def pdf_response(
    request: HttpRequest, make: Callable[[], bytes], name: str, back: str = "my_page"
) -> HttpResponse:
    """`back`: where to go with a sentence when it cannot be made now."""
    try:
        content = make()
    except (pdf.PdfRefused, PressAway):
        messages.error(request, _("Vi fikk ikke laget dokumentet nå. Prøv igjen om litt."))
        return redirect(back)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = f'attachment; filename="{name}.pdf"'
    response.headers["Cache-Control"] = "private, no-store"
    return response
