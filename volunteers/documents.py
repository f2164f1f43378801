"""Documents that are hers to take along: that she was on a course, and what she has given."""

from collections.abc import Sequence
from datetime import date

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.selectors.words import municipality_name, sender_name
from samskaping.core import pdf
from volunteers.models import CourseSeat, Volunteer
from volunteers.selectors.confirmation import Confirmation, confirmation_of
from volunteers.selectors.own_page import month_rows


def course_proof(seat: CourseSeat) -> bytes:
    """Raises PdfRefused and PressAway."""
    course, person = seat.course, seat.person
    with translation.override(person.language):
        context = {
            "name": person.name,
            "course": course,
            "held_by": course.held_by or municipality_name(course.municipality),
            "kind": str(course.kind) if course.kind else "",
            "sender": municipality_name(course.municipality),
            "on": timezone.localdate(),
        }
        title = _("Kursbevis")
    return pdf.render("course_proof", context, language=person.language, title=title)


def confirmation(volunteer: Volunteer, shows: frozenset[str]) -> bytes:
    """Raises PdfRefused and PressAway."""
    person = volunteer.person
    found: Confirmation = confirmation_of(volunteer, shows)
    with translation.override(person.language):
        title = _("Bekreftelse på frivillig innsats")
    context = {"found": found, "sender": sender_name(person)}
    return pdf.render("volunteer_confirmation", context, language=person.language, title=title)


def month_sheet(volunteers: Sequence[Volunteer], first: date) -> bytes:
    """Her month at everybody she helps, on one A4. Raises PdfRefused and PressAway."""
    person = volunteers[0].person
    with translation.override(person.language):
        senders = list(dict.fromkeys(sender_name(one.person) for one in volunteers))
        title = capfirst(date_format(first, "F Y"))
        context = {"name": person.name, "rows": month_rows(volunteers, first), "sender": ", ".join(senders)}
    return pdf.render("volunteer_month", context, language=person.language, title=title)
