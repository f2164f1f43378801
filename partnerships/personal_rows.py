"""What this app keeps about a person, told to core.privacy in the order it is taken away."""

from django.db.models import Q, QuerySet
from django.utils import formats, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from partnerships.models import (
    Absence,
    CallNote,
    ContactChange,
    ErasureRequest,
    Invitation,
    Membership,
    Notice,
    Person,
    PersonExport,
    PrintRun,
    Reply,
)
from samskaping.accounts.models import SignIn, User, WorkAccount
from samskaping.core.audit_words import audit_words
from samskaping.core.models import AuditEvent, DemoPost, StoredFile
from samskaping.core.privacy import PersonalRows, personal_rows
from samskaping.core.services.audit import object_name

PERSON_FIELDS = (
    *("name", "email", "phone", "street", "postal_code", "post_town", "language", "channel", "digest"),
    *("hide_contact", "held_since", "municipality__name", "created_at"),
)


def register() -> None:
    for rows in ROWS:
        personal_rows(rows)


def _forget_absences(person: Person) -> None:
    """Her own go with her roles; where she stood in for somebody, that somebody's absence stays."""
    Absence.objects.filter(membership__person=person).delete()
    Absence.objects.filter(deputy=person).update(deputy=None)


def _forget_notices(person: Person) -> None:
    """A letter to her also lies in the PDF it was printed from; the others' can be made anew."""
    runs = PrintRun.objects.filter(notices__person=person).exclude(file=None)
    files = list(runs.values_list("file", flat=True))
    Notice.objects.filter(person=person).delete()
    StoredFile.objects.filter(pk__in=files).delete()


def _forget_exports(person: Person) -> None:
    exports = PersonExport.objects.filter(person=person)
    files = list(exports.exclude(file=None).values_list("file", flat=True))
    exports.delete()
    StoredFile.objects.filter(pk__in=files).delete()


def _event_words(event: AuditEvent) -> dict[str, str]:
    """Who did it is not hers to know by name here; what and when is."""
    at = formats.date_format(timezone.localtime(event.at), "SHORT_DATETIME_FORMAT")
    sentence = str(audit_words(event.verb)) % {"who": gettext("Noen"), "role": gettext("en rolle")}
    return {gettext("Når"): at, gettext("Hva"): sentence}


def _demo_post(person: Person) -> QuerySet[DemoPost]:
    addresses = [address for address in (person.email, person.phone) if address]
    return DemoPost.objects.filter(recipient__in=addresses)


ROWS = (
    PersonalRows(
        "person",
        _("Navn og kontaktopplysninger"),
        lambda person: Person.objects.filter(pk=person.pk),
        PERSON_FIELDS,
    ),
    PersonalRows(
        "account",
        _("Konto til innlogging"),
        lambda person: User.objects.filter(pk=person.user_id),
        ("email", "phone", "language", "last_login"),
        only_to_herself=True,
    ),
    PersonalRows(
        "sign_ins",
        _("Åpne innlogginger"),
        lambda person: SignIn.objects.filter(user=person.user_id),
        ("device", "started_at", "seen_at"),
        only_to_herself=True,
    ),
    PersonalRows(
        "work_accounts",
        _("Arbeidskontoer"),
        lambda person: WorkAccount.objects.filter(user=person.user_id),
        ("linked_at",),
        only_to_herself=True,
    ),
    PersonalRows(
        "contact_changes",
        _("Adresser som skulle bekreftes"),
        lambda person: ContactChange.objects.filter(user=person.user_id),
        ("channel", "value", "value_before"),
        only_to_herself=True,
    ),
    PersonalRows(
        "replies",
        _("Svar på spørsmål"),
        lambda person: Reply.objects.filter(notice__person=person),
        ("answer", "at"),
    ),
    PersonalRows(
        "calls",
        _("Telefonsamtaler"),
        lambda person: CallNote.objects.filter(notice__person=person),
        ("outcome", "line", "again_on", "at"),
    ),
    PersonalRows(
        "notices",
        _("Beskjeder"),
        lambda person: Notice.objects.filter(person=person),
        ("channel", "state", "due_on", "done_at"),
        erase=_forget_notices,
    ),
    PersonalRows(
        "invitations",
        _("Invitasjoner"),
        lambda person: Invitation.objects.filter(person=person),
        ("role", "channel", "created_at", "accepted_at", "withdrawn_at"),
        erase=lambda person: Invitation.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "absences",
        _("Fravær, og stedfortreder for andre"),
        lambda person: Absence.objects.filter(Q(membership__person=person) | Q(deputy=person)),
        ("away_from", "away_to"),
        erase=_forget_absences,
    ),
    PersonalRows(
        "memberships",
        _("Roller"),
        lambda person: Membership.objects.filter(person=person),
        ("role", "unit__name", "centre__name", "organisation__name", "valid_from", "valid_to", "ended_at"),
        erase=lambda person: Membership.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "erasure_requests",
        _("Ønsker om sletting"),
        lambda person: ErasureRequest.objects.filter(person=person),
        ("asked_at", "answer_by", "refused_because", "answered_at"),
        erase=lambda person: ErasureRequest.objects.filter(person=person).delete(),
    ),
    PersonalRows(
        "exports",
        _("Kopier av opplysningene"),
        lambda person: PersonExport.objects.filter(person=person),
        ("asked_at", "made_at"),
        erase=_forget_exports,
    ),
    PersonalRows(
        "demo_post",
        _("Demoposten"),
        lambda person: _demo_post(person),
        ("channel", "subject", "at"),
        erase=lambda person: _demo_post(person).delete(),
    ),
    PersonalRows(
        "trace",
        _("Historikken: hva som er gjort, og når"),
        lambda person: AuditEvent.objects.filter(
            Q(object_type="partnerships.person", object_id=str(person.pk))
            | Q(on_behalf_of=object_name(person))
        ),
        (),
        words=_event_words,
        why_kept=_(
            "Historikken har bare numre, ikke navn eller adresser. Den viser at opplysningene ble behandlet "
            "riktig, og går bort av seg selv etter noen år."
        ),
    ),
)
