"""The people of the demo, for one-click cards on the sign-in page. Empty where no demo is loaded."""

from typing import NamedTuple

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samskaping.accounts.models import User

PASSWORD = "demo-samskaping"  # noqa: S105 - told to everybody who tries the demo


class DemoCard(NamedTuple):
    login: str
    label: str | Promise
    about: str | Promise


CARDS = (
    DemoCard("coordinator@demo.example", _("Frivillighetskoordinator"), _("Holder trådene i kommunen")),
    DemoCard("chief@demo.example", _("Kommunalsjef"), _("Ser hvordan det går")),
    DemoCard("unit_leader@demo.example", _("Enhetsleder"), _("Leder et tjenestested")),
    DemoCard("place_contact@demo.example", _("Kontaktperson"), _("Aktivitør på tjenestestedet")),
    DemoCard("staff@demo.example", _("Ansatt"), _("Ser hvem som kommer i dag")),
    DemoCard("centre_leader@demo.example", _("Daglig leder"), _("Driver frivilligsentralen")),
    DemoCard("organisation_rep@demo.example", _("Organisasjon"), _("Likeverdig part i samarbeidet")),
    DemoCard("observer@demo.example", _("Folkevalgt"), _("Leser rapporter uten personopplysninger")),
    DemoCard("volunteer@demo.example", _("Frivillig"), _("Ser sitt eget på Min side")),
    DemoCard("national@demo.example", _("Nasjonal analytiker"), _("Ser tall fra hele landet")),
    DemoCard("neighbour@demo.example", _("Nabokommunen"), _("Koordinator i Sunndalsfjord, på nynorsk")),
)


def cards() -> list[DemoCard]:
    """Those who are there to be tried. Real people never have a card."""
    if not settings.DEMO:
        return []
    there = set(
        User.objects.filter(email__in=[card.login for card in CARDS], is_active=True).values_list(
            "email", flat=True
        )
    )
    return [card for card in CARDS if card.login in there]
