"""Pages for those who have not signed in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe


@require_safe
def front(request: HttpRequest) -> HttpResponse:
    """What Samskaping is, in a minute. Those who are signed in get the same page, with the menu."""
    return render(request, "pages/front.html", {"line": _line()})


def _line() -> list[dict[str, Any]]:
    """The line as it went for one language café: an example says more than a model."""
    return [
        {
            "title": _("1 Forankring og ansvar"),
            "facts": [_("Kommunen og lagene blir enige om hva de vil, og hvem som har ansvar for hva.")],
            "notes": [_("«Språkkafeen hører til punkt 4 i frivilligstrategien.»")],
            "between": {"both": True},
        },
        {
            "title": _("2 Samskaping av tjenesten"),
            "facts": [
                _("Innbyggere, frivillige og ansatte utvikler tilbudet sammen. Alle innspill får svar.")
            ],
            "notes": [_("«18 innspill, og en grunn til de fem vi ikke tok med.»")],
            "between": {"both": True},
        },
        {
            "title": _("3 Drift og rekruttering"),
            "facts": [_("Avtaler, frivillige og hverdag. Spørsmål går oppover og kommer tilbake med svar.")],
            "notes": [_("«Torsdager kl. 17.00. Tolv frivillige.»")],
            "between": {"both": True},
        },
        {
            "title": _("Slik opplever de det"),
            "facts": [_("De som får tilbudet, sier hva det er verdt for dem. Uten innlogging og uten navn.")],
            "notes": [_("«Noen å snakke norsk med hver uke.»")],
        },
    ]
