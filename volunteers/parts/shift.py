"""Tasks, shifts and hours: the module a municipality switches on, and the words of what is done in it."""

from datetime import datetime

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.models.occurrence import hangs_on_times
from samskaping.core.audit_words import audit_says
from samskaping.core.models import Municipality
from samskaping.core.modules import Module, modules
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.retention import Rule, retention_rule
from volunteers.models import Errand, Expense, Shift, Wall
from volunteers.selectors.module import SHIFTS

# Answered by the link in her message, she is signed in nowhere: it was she, and not the portal.
_HERSELF = _("En frivillig")
audit_says("shift_answered", _("%(who)s svarte om en vakt"), unsigned=_HERSELF)
audit_says("shift_removed", _("%(who)s tok noen av en vakt"))
audit_says("shift_asked", _("%(who)s spurte hvem som kan komme"))
audit_says("shift_offered", _("%(who)s ba noen ta over en vakt"), unsigned=_HERSELF)
audit_says("shift_kept", _("%(who)s beholdt vakta likevel"), unsigned=_HERSELF)
audit_says("shift_taken", _("%(who)s tok over en vakt"), unsigned=_HERSELF)
audit_says("shifts_let_go", _("%(who)s ga fra seg vakter, for en pause eller en slutt"), unsigned=_HERSELF)
audit_says("shift_moved_up", _("%(who)s ga en ledig plass til neste på ventelista"))
audit_says("every_time_set", _("%(who)s endret om noen kommer hver gang"), unsigned=_HERSELF)
audit_says("crew_changed", _("%(who)s endret hvordan frivillige følges opp ved et tilbud"))
audit_says("attendance_marked", _("%(who)s førte hvem som var der"))
audit_says("hours_noted", _("%(who)s førte timer"), unsigned=_HERSELF)
audit_says("errand_posted", _("%(who)s la ut et én-til-én-oppdrag"))
audit_says("errand_taken", _("%(who)s tok et én-til-én-oppdrag"), unsigned=_HERSELF)
audit_says("errand_given_back", _("%(who)s ga fra seg et én-til-én-oppdrag"), unsigned=_HERSELF)
audit_says("errand_cancelled", _("%(who)s avlyste et én-til-én-oppdrag"))
audit_says("errand_done", _("%(who)s merket et én-til-én-oppdrag som gjort"), unsigned=_HERSELF)
audit_says("expense_noted", _("%(who)s førte et utlegg"), unsigned=_HERSELF)
audit_says("expense_paid", _("%(who)s merket et utlegg som utbetalt"))
audit_says("expense_refused", _("%(who)s sa nei til et utlegg"))
audit_says("expense_taken_back", _("%(who)s tok bort et utlegg"), unsigned=_HERSELF)
audit_says("wall_made", _("%(who)s laget en lenke til en skjerm på veggen"))
audit_says("wall_revoked", _("%(who)s tok tilbake lenken til en skjerm på veggen"))

audit_says("errand_for_opened", _("%(who)s så hvem et én-til-én-oppdrag er for"))
audit_says("expenses_exported", _("%(who)s hentet utlegg som fil"))
audit_says("hours_exported", _("%(who)s hentet timer som fil"))


def _old_shifts(town: Municipality, before: datetime) -> QuerySet[Shift]:
    return Shift.objects.filter(municipality=town, occurrence__ends_at__lt=before)


def _old_errands(town: Municipality, before: datetime) -> QuerySet[Errand]:
    return Errand.objects.filter(municipality=town, ends_at__lt=before)


def _settled_expenses(town: Municipality, before: datetime) -> QuerySet[Expense]:
    old = Expense.objects.filter(municipality=town, day__lt=timezone.localdate(before))
    return old.exclude(paid_on=None, refused_because="")


RULES = (
    Rule(
        "shifts",
        _("Hvem som sto på hvilken vakt"),
        _("Timene og tallene blir stående. Hvem som sa ja og nei, trengs til året er oppsummert."),
        least_days=90,
        most_days=1825,
        find=lambda town, before: _old_shifts(town, before).filter(volunteer__person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("volunteers.Shift", 0),
        held=lambda town, before: (
            _old_shifts(town, before).exclude(volunteer__person__held_since=None).count()
        ),
    ),
    Rule(
        "errands",
        _("Én-til-én-oppdrag"),
        _("Nok til å se tilbake på året. Hvem de var for, er slettet lenge før."),
        least_days=30,
        most_days=1825,
        # Also those nobody took.
        find=lambda town, before: _old_errands(town, before).filter(taken_by__person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("volunteers.Errand", 0),
        held=lambda town, before: (
            _old_errands(town, before).exclude(taken_by__person__held_since=None).count()
        ),
    ),
    Rule(
        "expenses",
        _("Utlegg og kjøring som er utbetalt eller sagt nei til"),
        _("Bilagene er i regnskapet. Lista her trengs til den frivillige har sett at pengene kom."),
        least_days=90,
        most_days=1825,
        find=lambda town, before: _settled_expenses(town, before).filter(volunteer__person__held_since=None),
        erase=lambda rows: rows.delete()[1].get("volunteers.Expense", 0),
        held=lambda town, before: (
            _settled_expenses(town, before).exclude(volunteer__person__held_since=None).count()
        ),
    ),
    Rule(
        "walls",
        _("Skjermer på veggen som er tatt tilbake"),
        _("En lenke som ikke virker, viser ingenting."),
        least_days=1,
        most_days=365,
        find=lambda town, before: Wall.objects.filter(municipality=town, revoked_at__lt=before),
        erase=lambda rows: rows.delete()[1].get("volunteers.Wall", 0),
    ),
)


def register() -> None:
    from volunteers import errand_due, shift_due

    hangs_on_times("shifts")
    modules.register(
        Module(
            SHIFTS,
            _("Vakter og timer"),
            _(
                "Hvem som kommer til hver gang, venteliste, bytte av vakter, oppmøte, timer, kjøring og "
                "én-til-én-oppdrag. Bruker dere en annen app til dette, lar dere det stå av og lenker dit."
            ),
        )
    )
    personal_rows(
        PersonalRows(
            "volunteer_errands",
            _("Én-til-én-oppdrag"),
            lambda person: Errand.objects.filter(taken_by__person=person).select_related("unit"),
            ("unit__name", "kind", "starts_at", "done_at", "cancelled_at"),
        )
    )
    for rule in RULES:
        retention_rule(rule)
    shift_due.register()
    errand_due.register()
