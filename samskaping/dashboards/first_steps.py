"""What an empty home page says: never only «nothing here», but what to do first."""

from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from partnerships.access import access_of
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer


def first_step(viewer: Viewer) -> dict[str, str]:
    """For components/empty.html: the variables of the state this viewer is in."""
    access = access_of(viewer.user)
    if access.may(Permission.MEMBER_MANAGE):
        return {
            "title": _("Ingenting venter på deg"),
            "text": _(
                "Det beste du kan gjøre nå, er å få med dem du samarbeider med. "
                "Én invitasjon er nok til å begynne."
            ),
            "url": reverse("member_invite"),
            "action": _("Inviter noen"),
            "second_url": reverse("members"),
            "second_action": _("Se hvem som har tilgang"),
        }
    if access.is_national:
        return {
            "title": _("Tallene for landet kommer her"),
            "text": _("Samlede tall og det kommunene har delt av erfaringer, aldri en person."),
            "url": reverse("about"),
            "action": _("Om Samskaping"),
        }
    if viewer.membership is not None:
        return {
            "title": _("Ingenting venter på deg"),
            "text": _("Det som trenger deg, kommer hit og på e-post. Du trenger ikke gjøre noe nå."),
            "url": reverse("profile"),
            "action": _("Se over kontaktopplysningene dine"),
        }
    return {
        "title": _("Du har ingen rolle her nå"),
        "text": _(
            "Når en kommune, en frivilligsentral eller et lag inviterer deg, ser du det her. "
            "Det som er ditt eget, finner du på Min side."
        ),
        "url": reverse("my_page"),
        "action": _("Til Min side"),
    }


def line_of_samskaping() -> list[dict[str, Any]]:
    """The line from idea to value, as a map of what the numbers will be about."""
    return [
        {
            "title": _("1 Forankring og ansvar"),
            "facts": [_("Hva kommunen og lagene vil sammen, og hvem som har ansvar for hva.")],
            "between": {"both": True},
        },
        {
            "title": _("2 Samskaping av tjenesten"),
            "facts": [_("Innbyggere, frivillige og ansatte utvikler tilbudet.")],
            "between": {"both": True},
        },
        {
            "title": _("3 Drift og rekruttering"),
            "facts": [_("Tilbud, avtaler og frivillige i hverdagen.")],
            "between": {"both": True},
        },
        {
            "title": _("Slik opplever de det"),
            "facts": [_("Hva det er verdt, sagt av dem som får det.")],
        },
    ]
