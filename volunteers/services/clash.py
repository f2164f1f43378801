"""Two places at once: said to her, and hers to decide."""

from datetime import datetime

from django.utils import formats, timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models import Occurrence, Person
from samskaping.core.errors import DomainError
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Errand, Shift, Volunteer
from volunteers.models.shift import ShiftState


class Clash(DomainError):
    """She is somewhere else then. Advice: she may come all the same."""


def refuse_clash(
    volunteer: Volunteer,
    starts_at: datetime,
    ends_at: datetime,
    *,
    but: Occurrence | None = None,
    but_errand: Errand | None = None,
) -> None:
    """Raises Clash where she, in any row of hers, has said yes to something at the same time."""
    person = volunteer.person
    hers = Volunteer.objects.filter(pk=volunteer.pk)
    if person.user_id:
        same = Person.objects.filter(user=person.user_id, municipality=person.municipality_id)
        hers = Volunteer.objects.filter(person__in=same)
    shifts = Shift.objects.filter(
        volunteer__in=hers,
        state=ShiftState.COMING,
        occurrence__starts_at__lt=ends_at,
        occurrence__ends_at__gt=starts_at,
        occurrence__cancelled_at=None,
    ).select_related("occurrence__offer")
    other = shifts.exclude(occurrence=but).first() if but else shifts.first()
    if other is not None:
        at = timezone.localtime(other.occurrence.starts_at)
        raise Clash(
            _("Samtidig er det %(title)s, %(day)s kl. %(clock)s.")
            % {
                "title": without_links(other.occurrence.offer.title),
                "day": formats.date_format(at, "l j. F"),
                "clock": f"{at:%H.%M}",
            }
        )
    errands = Errand.objects.filter(
        taken_by__in=hers, starts_at__lt=ends_at, ends_at__gt=starts_at, cancelled_at=None, done_at=None
    )
    taken = (errands.exclude(pk=but_errand.pk) if but_errand else errands).first()
    if taken is not None:
        raise Clash(_("Du har tatt et én-til-én-oppdrag på samme tid."))


def clashes_at(volunteer: Volunteer, occurrence: Occurrence, *, accepted: bool) -> bool:
    """Whether she is somewhere else then. Raises Clash where she has not said that she comes all the same."""
    try:
        refuse_clash(volunteer, occurrence.starts_at, occurrence.ends_at, but=occurrence)
    except Clash:
        if not accepted:
            raise
        return True
    return False
