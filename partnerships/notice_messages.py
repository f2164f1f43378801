"""How notices leave as e-mail and SMS: one by one, or gathered in a digest. All is looked up when sent."""

from dataclasses import dataclass
from datetime import date, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.db.models.functions import Now
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from partnerships.due import Words, source_of
from partnerships.models import Notice, Person
from partnerships.models.notice import NoticeState
from partnerships.models.person import Channel
from partnerships.refusals import sent_to
from partnerships.selectors.channel import channel_for, reaches
from partnerships.selectors.words import municipality_name, sender_name
from partnerships.services.notice import digest_waiting, with_week
from partnerships.services.notice_step import notices_refused
from partnerships.services.reply import reply_link
from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.registries import Viewer, WorkItem, work_items
from samskaping.core.services.outbox import (
    NotYet,
    Undeliverable,
    on_address_refused,
    on_delivered,
    outbox_handler,
)
from samskaping.core.sms import send_sms
from samskaping.core.working_days import OSLO, may_send_digest, next_sending_time, week_begins

AT_MOST_NOW = 5
JOINED = ("person__municipality__settings", "person__controller_organisation", "person__controller_centre")


@dataclass(frozen=True)
class Told:
    """One notice as it stands in a message."""

    words: Words
    link: str
    reply_url: str

    @property
    def sms(self) -> str:
        text = self.words.sms or " ".join(filter(None, (f"{self.words.title}.", self.link)))
        if self.reply_url:
            text += " " + _("%(question)s Svar her: %(link)s") % {
                "question": self.words.question,
                "link": self.reply_url,
            }
        return text


@outbox_handler("notice")
def send_notice(row: Outbox) -> bool:
    notice = (
        Notice.objects.select_related(*JOINED)
        .filter(pk=row.payload["notice"], outbox=row, state__in=(NoticeState.QUEUED, NoticeState.SENT))
        .first()
    )
    if notice is None or notice.state == NoticeState.SENT:
        # Stopped meanwhile; or sent, by a worker that was killed before it could say so.
        return notice is not None
    source, now = source_of(notice.kind), timezone.now()
    allowed = next_sending_time(now, urgent=source is not None and source.urgent)
    if allowed > now:
        raise NotYet(allowed)
    person = notice.person
    with translation.override(person.language):
        told = _told(notice)
        if told is None:
            _finish([notice], NoticeState.DROPPED)
            return False
        sms = told.sms
    if not reaches(person, Channel(notice.channel)):
        raise Undeliverable("no_address")
    if notice.channel == Channel.SMS:
        send_sms(row, number=person.phone, text=sms)
    else:
        _mail_one(row, person, told)
    _sent([notice])
    return True


@outbox_handler("digest")
def send_digest(row: Outbox) -> bool:
    """Everything that waited for this morning, and on the week's first one what waits in the work list."""
    now = timezone.now()
    if not may_send_digest(now):
        raise NotYet(next_sending_time(now))
    today = now.astimezone(OSLO).date()
    people = list(_hers(row).select_related(*(name.removeprefix("person__") for name in JOINED)))
    lead = next((person for person in people if channel_for(person) == Channel.EMAIL), None)
    if lead is None:
        return False
    with translation.override(lead.language):
        told, notices = _gather(row, people, today)
        items = _work(lead, today) if week_begins(today) == date.fromisoformat(row.payload["day"]) else []
        if not told and not items:
            return False
        if len(told) == 1 and not items:
            _mail_one(row, lead, told[0])
        else:
            _mail_digest(row, lead, people, told, items)
    _sent(notices)
    return True


def _told(notice: Notice) -> Told | None:
    """What it says in the language that is active; None when there is no reason any more."""
    source = source_of(notice.kind)
    if source is None:
        # Only a newer portal knows this kind; its worker will take it.
        raise NotYet(timezone.now() + timedelta(hours=1))
    about = source.about(notice)
    if about is None:
        return None
    words = source.words(notice, about)
    return Told(
        words=words,
        link=f"{settings.SITE_URL}{words.url}" if words.url else "",
        reply_url=reply_link(notice) if words.question else "",
    )


def _gather(row: Outbox, people: list[Person], today: date) -> tuple[list[Told], list[Notice]]:
    """Takes what waits for her, so that nobody else sends it; a new try finds what the first one took."""
    reached = [person.pk for person in people if channel_for(person) == Channel.EMAIL]
    digest_waiting(today).filter(person__in=reached).update(state=NoticeState.QUEUED, outbox=row)
    told, kept = [], []
    for notice in Notice.objects.filter(outbox=row, state=NoticeState.QUEUED).order_by("due_on", "pk"):
        words = _told(notice)
        if words is None:
            _finish([notice], NoticeState.DROPPED)
        else:
            told.append(words)
            kept.append(notice)
    return told, kept


def _work(lead: Person, today: date) -> list[WorkItem]:
    """What waits in each of her roles, once, the most pressing first."""
    if lead.user is None:
        return []
    found: dict[tuple[str, str], WorkItem] = {}
    for membership in with_week(today).filter(user=lead.user).select_related("municipality__settings"):
        for item in work_items(Viewer(lead.user, membership, today)):
            found.setdefault((item.title, item.url), item)
    return sorted(found.values(), key=lambda item: (item.due_on or date.max, item.title))


def _mail_one(row: Outbox, person: Person, told: Told) -> None:
    context: dict[str, object] = {
        "notice_title": told.words.title,
        "lines": told.words.lines,
        "link": told.link,
        "link_text": told.words.link or _("Åpne i Samskaping"),
        "question": told.words.question,
        "reply_url": told.reply_url,
        "name": person.name,
    }
    send_mail(
        row,
        to=person.email,
        template="notice",
        context=context,
        language=person.language,
        sender_name=sender_name(person),
    )


def _mail_digest(
    row: Outbox, lead: Person, people: list[Person], told: list[Told], items: list[WorkItem]
) -> None:
    places = {municipality_name(person.municipality) for person in people}
    send_mail(
        row,
        to=lead.email,
        template="digest",
        context={
            "name": lead.name,
            "notices": told,
            "now": items[:AT_MOST_NOW],
            "later": items[AT_MOST_NOW:],
        },
        language=lead.language,
        # Who works in two places gets one letter from both.
        sender_name=places.pop() if len(places) == 1 else "",
    )


@transaction.atomic
def _sent(notices: list[Notice]) -> None:
    """A mail server has them; of an SMS its supplier knows more, later."""
    _finish(notices, NoticeState.SENT)
    for notice in notices:
        if notice.channel == Channel.EMAIL:
            _arrived(notice)


@on_delivered
@transaction.atomic
def notices_delivered(row: Outbox) -> None:
    for notice in Notice.objects.filter(outbox=row, state=NoticeState.SENT).select_related("person"):
        _arrived(notice)


def _arrived(notice: Notice) -> None:
    source = source_of(notice.kind)
    if source is not None and source.arrived is not None:
        source.arrived(notice)


def _finish(notices: list[Notice], state: NoticeState) -> None:
    Notice.objects.filter(pk__in=[notice.pk for notice in notices], state=NoticeState.QUEUED).update(
        state=state, done_at=Now()
    )


# --- Whose address it was -----------------------------------------------------------------------------------
def _hers(row: Outbox) -> QuerySet[Person]:
    """All rows of the human the digest is for: one for each who keeps something about her."""
    person = Person.objects.filter(pk=row.payload["person"])
    user = person.exclude(user=None).values("user")
    return Person.objects.filter(Q(pk__in=person) | Q(user__in=user)).order_by("pk")


def _told_by(row: Outbox) -> QuerySet[Person]:
    return Person.objects.filter(pk__in=Notice.objects.filter(outbox=row).values("person"))


def _digest_address(row: Outbox) -> QuerySet[Person]:
    lead = next((person for person in _hers(row) if channel_for(person) == Channel.EMAIL), None)
    return _hers(row).filter(email__iexact=lead.email) if lead else Person.objects.none()


sent_to("notice", _told_by)
sent_to("digest", _digest_address)
# After sent_to: who asks for the next channel must know that this one failed.
on_address_refused(notices_refused)
