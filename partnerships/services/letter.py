"""Letters: one PDF of all that wait, then posted, then undone when it was not so (docs/adr/0026)."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Notice, Person, PrintRun
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.selectors.channel import reaches
from partnerships.selectors.lists import PRINT_KIND, letters_lacking_address, words_of
from partnerships.selectors.words import contact_phone, sender_name, settings_of
from partnerships.services.notice_step import notice_again
from samskaping.accounts.models import User
from samskaping.core import pdf
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Outbox
from samskaping.core.services.audit import audit_record
from samskaping.core.services.outbox import Undeliverable, outbox_add, outbox_handler
from samskaping.core.services.stored_file import stored_file_keep

FILE_LASTS = timedelta(days=30)
# Somebody sees at the letter box that the bag is still on the chair.
UNDO_WITHIN = timedelta(hours=24)


@transaction.atomic
def letters_print(*, notices: Iterable[Notice], by: User) -> list[PrintRun]:
    """Promises the PDF of these letters: one for each that answers for people, since nobody sees the others'.

    Raises StateChanged when none of them waits, or none has an address.
    """
    locked = (
        Notice.objects.select_for_update(of=("self",))
        .select_related("municipality", "person")
        .filter(pk__in=[notice.pk for notice in notices], state=NoticeState.LISTED, channel=Channel.LETTER)
    )
    kept_by: dict[tuple[int, int | None, int | None], list[Notice]] = defaultdict(list)
    for notice in locked:
        person = notice.person
        if reaches(person, Channel.LETTER):
            keeper = (
                notice.municipality_id,
                person.controller_organisation_id,
                person.controller_centre_id,
            )
            kept_by[keeper].append(notice)
    if not kept_by:
        raise StateChanged(gettext_lazy("Ingen brev med adresse venter på utskrift."))
    return [_print(letters, by) for letters in kept_by.values()]


def _print(letters: list[Notice], by: User) -> PrintRun:
    run = PrintRun.objects.create(municipality=letters[0].municipality, made_by=by)
    Notice.objects.filter(pk__in=[notice.pk for notice in letters]).update(print_run=run)
    audit_record("letters_printed", run, by=by, data={"letters": len(letters)})
    outbox_add(PRINT_KIND, str(run.pk), payload={"run": run.pk}, municipality=run.municipality)
    return run


@outbox_handler(PRINT_KIND)
def render(row: Outbox) -> bool:
    """Makes the PDF. What there no longer is a reason for is left out, and off the list."""
    run = PrintRun.objects.select_related("municipality").filter(pk=row.payload["run"], file=None).first()
    if run is None:
        return False
    letters = [(notice, letter) for notice in _waiting(run) if (letter := letter_of(notice)) is not None]
    if not letters:
        _finish(run, [], None)
        return False
    try:
        content = _pdf(run, [letter for _notice, letter in letters])
    except pdf.PdfRefused as error:
        _trouble(run, error.code)
        raise Undeliverable(error.code) from None
    except Exception as error:
        _trouble(run, type(error).__name__)
        raise
    _finish(run, [notice.pk for notice, _letter in letters], content)
    return True


def _trouble(run: PrintRun, problem: str) -> None:
    PrintRun.objects.filter(pk=run.pk).update(problem=problem[:60])


def _waiting(run: PrintRun) -> list[Notice]:
    return list(
        run.notices.filter(state=NoticeState.LISTED, channel=Channel.LETTER)
        .select_related(
            "person__municipality__settings", "person__controller_organisation", "person__controller_centre"
        )
        .order_by("person__postal_code", "person__name_key", "pk")
    )


def letter_of(notice: Notice) -> dict[str, Any] | None:
    """What one letter says, in the language of the one it is to; None when the reason is gone."""
    person = notice.person
    with translation.override(person.language):
        words = words_of(notice)
        if words is None:
            return None
        settings = settings_of(person.municipality)
        return {
            "language": person.language,
            "name": person.name,
            "street": person.street,
            "place": f"{person.postal_code} {person.post_town}",
            "sender": sender_name(person),
            "on": timezone.localdate(),
            "title": words.title,
            "lines": words.lines,
            "question": words.question,
            "phone": contact_phone(person),
            "contact_name": settings.contact_name if settings and contact_phone(person) else "",
        }


def _pdf(run: PrintRun, letters: list[dict[str, Any]]) -> bytes:
    language = settings.language if (settings := settings_of(run.municipality)) else "nb"
    with translation.override(language):
        title = _("Brev %(day)s") % {"day": timezone.localdate(run.made_at).strftime("%d.%m.%Y")}
    return pdf.render("letters", {"letters": letters}, language=language, title=title)


@transaction.atomic
def _finish(run: PrintRun, kept: list[int], content: bytes | None) -> None:
    """One row for the file and one for the run; the letters that were not needed leave the list."""
    locked = (
        PrintRun.objects.select_for_update(of=("self",))
        .select_related("municipality", "made_by")
        .get(pk=run.pk)
    )
    gone = locked.notices.filter(state=NoticeState.LISTED).exclude(pk__in=kept)
    gone.update(state=NoticeState.DROPPED, done_at=timezone.now())
    locked.problem = "" if content else "nothing_left"
    if content:
        locked.file = stored_file_keep(
            content,
            name=f"brev-{timezone.localdate(locked.made_at):%Y-%m-%d}",
            content_type="application/pdf",
            municipality=locked.municipality,
            by=locked.made_by,
            expires_at=timezone.now() + FILE_LASTS,
        )
    locked.save(update_fields=["file", "problem"])


@transaction.atomic
def letters_posted(*, run: PrintRun, by: User) -> PrintRun:
    """Raises StateChanged when it is posted already, or not made yet."""
    locked = _lock(run)
    if locked.posted_at is not None:
        raise StateChanged(gettext_lazy("Brevene er allerede merket som postlagt."))
    if locked.file_id is None:
        raise StateChanged(gettext_lazy("PDF-en er ikke klar ennå."))
    now = timezone.now()
    posted = locked.notices.filter(state=NoticeState.LISTED).update(
        state=NoticeState.SENT, done_at=now, done_by=by
    )
    locked.posted_at, locked.posted_by = now, by
    locked.save(update_fields=["posted_at", "posted_by"])
    audit_record("letters_posted", locked, by=by, data={"letters": posted})
    return locked


@transaction.atomic
def letters_not_posted(*, run: PrintRun, by: User) -> PrintRun:
    """Back on the list, within a day. Raises StateChanged when it was not posted, or longer ago."""
    locked = _lock(run)
    if locked.posted_at is None or not may_undo(locked):
        raise StateChanged(gettext_lazy("Det er mer enn ett døgn siden. Ring heller dem det gjelder."))
    back = locked.notices.filter(state=NoticeState.SENT, done_at=locked.posted_at).update(
        state=NoticeState.LISTED, done_at=None, done_by=None
    )
    locked.posted_at = locked.posted_by = None
    locked.save(update_fields=["posted_at", "posted_by"])
    audit_record("letters_not_posted", locked, by=by, data={"letters": back})
    return locked


def may_undo(run: PrintRun) -> bool:
    return run.posted_at is not None and timezone.now() - run.posted_at < UNDO_WITHIN


def _lock(run: PrintRun) -> PrintRun:
    return PrintRun.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=run.pk)


@transaction.atomic
def post_address_change(*, person: Person, street: str, postal_code: str, post_town: str, by: User) -> int:
    """From staff who know where she lives. How many letters that lacked it lie on the list now."""
    locked = Person.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=person.pk)
    locked.street, locked.postal_code, locked.post_town = street, postal_code, post_town
    fields = ["street", "postal_code", "post_town"]
    locked.save(update_fields=fields)
    audit_record("profile_changed", locked, by=by, on_behalf_of=locked, data={"fields": fields})
    again = 0
    for notice in letters_lacking_address(by, locked.municipality, timezone.localdate()).filter(
        person=locked
    ):
        try:
            notice_again(notice=notice, by=by)
        except DomainError:
            continue  # the reason is gone, or she was told another way
        again += 1
    return again
