"""«Varsling, avvik eller bekymring?»: whom to ring and where to write. Nothing is taken in here."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.current import current_municipality
from partnerships.models import MunicipalitySettings
from partnerships.selectors.settings import settings_for
from samskaping.core.sms import shown_number


@require_safe
def concern(request: HttpRequest) -> HttpResponse:
    """For everybody: who has not signed in sees the numbers, which are the same in all of Norway."""
    municipality = current_municipality(request)
    settings = settings_for(municipality) if municipality else None
    own = _own_channels(settings) if settings else ()
    urgent = (
        ("112", _("Politiet, når det haster")),
        ("113", _("Ambulanse, når det er fare for liv")),
        ("110", _("Brannvesenet")),
        ("116117", _("Legevakten, når det ikke kan vente til i morgen")),
        ("116111", _("Alarmtelefonen for barn og unge")),
    )
    phone = shown_number(settings.contact_phone) if settings else ""
    context = {"own": own, "urgent": urgent, "settings": settings, "phone": phone}
    return render(request, "partnerships/concern/page.html", context)


def _own_channels(settings: MunicipalitySettings) -> tuple[tuple[str, str, str], ...]:
    return (
        (
            _("Varsling"),
            _("Du vil si fra om noe kritikkverdig på et arbeidssted."),
            settings.whistleblowing_url,
        ),
        (_("Avvik"), _("Noe gikk galt, eller holdt på å gå galt, og må rettes."), settings.deviation_url),
        (
            _("Bekymringsmelding"),
            _("Du er bekymret for et barn eller noen andre som trenger hjelp."),
            settings.concern_url,
        ),
    )
