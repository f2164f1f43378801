"""Participants of a process: who asks, whom to ring, and who sees which names."""

from partnerships.models import CodesignProcess
from partnerships.selectors.words import municipality_name, settings_of
from samskaping.core.sms import shown_number


def place_of(process: CodesignProcess) -> str:
    """Who asks people in, as a message may say it: the place, not a person."""
    place = process.centre or process.organisation
    return place.name if place else municipality_name(process.municipality)


def phone_of(process: CodesignProcess) -> str:
    """Whom the group rings, ready to show: the convener, or the municipality where she hides her number."""
    convener = process.convener
    if convener is not None and convener.phone and not convener.hide_contact:
        return shown_number(convener.phone)
    settings = settings_of(process.municipality)
    return shown_number(settings.contact_phone) if settings and not process.organisation_id else ""
