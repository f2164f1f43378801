"""What anybody may know of a municipality that uses the portal: nobody's name, and nothing of another's."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404
from django.utils import timezone

from partnerships.models import CodesignProcess, Initiative, Strategy
from partnerships.models.codesign import ProcessState
from partnerships.models.strategy import StrategyState
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number
from samskaping.core.working_days import working_days_later

# Without a row of settings it has promised nothing yet.
REPLY_DAYS = 5
# How quickly ideas are answered is told of what was answered within a year, and of no fewer than these.
TOLD_OF, LEAST, LOOKED_AT = timedelta(days=365), 5, 200


@dataclass(frozen=True)
class PublicContact:
    """Whom anybody may ask: the municipality's contact point."""

    name: str
    phone: str
    email: str

    @property
    def shown_phone(self) -> str:
        return shown_number(self.phone)

    def __bool__(self) -> bool:
        return bool(self.phone or self.email)


def in_use() -> QuerySet[Municipality]:
    """Having settings is what «in use» means."""
    return Municipality.objects.filter(settings__isnull=False).select_related("settings")


def towns_to_choose() -> list[tuple[str, str]]:
    """Number and name of each, in Norwegian order."""
    return [(town.number, municipality_name(town)) for town in in_use().order_by("name_key", "number")]


def municipality_in_use(number: str) -> Municipality:
    """Raises Http404 for one that is not, in the same words as for one that is none."""
    if not (number.isascii() and number.isdigit() and len(number) == 4):
        raise Http404
    found: Municipality = get_object_or_404(in_use(), number=number)
    return found


def contact_point(municipality: Municipality) -> PublicContact:
    settings = settings_of(municipality)
    if settings is None:
        return PublicContact(municipality_name(municipality), "", "")
    name = settings.contact_name or municipality_name(municipality)
    return PublicContact(name, settings.contact_phone, settings.contact_email)


def reply_by(municipality: Municipality, today: date) -> date:
    """The day somebody who writes today is promised an answer by."""
    settings = settings_of(municipality)
    return working_days_later(today, settings.reply_days if settings else REPLY_DAYS)


def open_processes(municipality: Municipality) -> QuerySet[CodesignProcess]:
    """Those with a page for everybody, that one may still join."""
    shown = CodesignProcess.objects.filter(municipality=municipality, public_at__isnull=False)
    return shown.exclude(state=ProcessState.ENDED).order_by("title_key", "pk")


def strategies_in_force(municipality: Municipality) -> QuerySet[Strategy]:
    return Strategy.objects.filter(municipality=municipality, state=StrategyState.IN_FORCE)


def usual_reply_days(municipality: Municipality) -> int | None:
    """«Vi svarer vanligvis innen 4 dager.» None under five: it would tell of one or two people."""
    since = timezone.now() - TOLD_OF
    lately = Initiative.objects.filter(municipality=municipality, answered_at__gte=since)
    pairs = lately.order_by("-answered_at").values_list("given_at", "answered_at")[:LOOKED_AT]
    days = sorted((timezone.localdate(to) - timezone.localdate(given)).days for given, to in pairs if to)
    if len(days) < LEAST:
        return None
    # «Vanligvis»: four of five.
    return max(1, days[-(-len(days) * 4 // 5) - 1])
