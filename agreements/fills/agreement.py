"""What stands on the agreement itself: the parties, the days, and whom a personal one is with."""

from datetime import date

from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _

from agreements.clauses import Value, lines, words
from agreements.facts import Facts, fills
from agreements.models import Agreement
from agreements.models.agreement import PERSONAL_KINDS
from partnerships.models import Contact, Organisation, Unit
from partnerships.selectors.actor_names import Actor
from partnerships.selectors.words import municipality_name
from samskaping.core.sms import shown_number


def register() -> None:
    fills("parter", parties)
    fills("kontakter", contacts, at=at_partnership)
    fills("kommune", lambda facts: words(municipality_name(facts.agreement.municipality)))
    fills("start", lambda facts: words(_day(facts.agreement.starts_on)))
    fills("slutt", lambda facts: words(_day(facts.agreement.ends_on)))
    fills("varsel_dager", lambda facts: words(str(facts.agreement.notice_days)))
    fills("navn", lambda facts: words(facts.agreement.person.name if facts.agreement.person else ""))
    fills("rolle", lambda facts: words(_("frivillig") if facts.agreement.kind in PERSONAL_KINDS else ""))
    fills("enhet", place)
    fills("organisasjon", organisation)
    fills("dato", lambda facts: words(_day(facts.today)))


def at_partnership(agreement: Agreement) -> str:
    """Contacts are the partnership's."""
    return reverse("partnership", args=[agreement.partnership_id]) if agreement.partnership_id else ""


def parties(facts: Facts) -> Value | None:
    return lines(_in_full(actor, facts) for actor in facts.parties)


def contacts(facts: Facts) -> Value | None:
    """One line for each party that has somebody; one who hides her number is called by her name."""
    return lines(
        f"{actor.name}: {', '.join(_how_to_reach(row) for row in rows)}"
        for actor, rows in facts.contacts
        if rows
    )


def place(facts: Facts) -> Value | None:
    """The unit, centre or club a volunteer is at: the first that stands in it."""
    return words(facts.parties[0].name if facts.parties else "")


def organisation(facts: Facts) -> Value | None:
    outside = [actor for actor in facts.parties if not isinstance(actor, Unit)]
    return words(outside[0].name if outside else "")


def _in_full(actor: Actor, facts: Facts) -> str:
    if isinstance(actor, Unit):
        here = facts.agreement.municipality
        town = here if actor.municipality_id == here.pk else actor.municipality
        return f"{actor.name}, {municipality_name(town)}"
    number = actor.number if isinstance(actor, Organisation) else ""
    if number:
        return _("%(name)s, organisasjonsnummer %(number)s") % {
            "name": actor.name,
            "number": f"{number[:3]} {number[3:6]} {number[6:]}",
        }
    return actor.name


def _how_to_reach(contact: Contact) -> str:
    person = contact.person
    name = f"{person.name} ({contact.title})" if contact.title else person.name
    reached = "" if person.hide_contact else shown_number(person.phone) or person.email
    return f"{name} {reached}".strip()


def _day(day: date | None) -> str:
    return formats.date_format(day, "j. F Y") if day else ""
