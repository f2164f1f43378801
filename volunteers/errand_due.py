"""Én-til-én: those who have what it takes are asked, without a name; who took it hears when it is off."""

from collections.abc import Iterator
from datetime import date, timedelta

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Person, Reply
from partnerships.models.notice import Answer, NoticeState
from samskaping.core.templatetags.letters import without_links
from volunteers.models import Errand, Volunteer
from volunteers.selectors.errand import able_for, errands_waiting
from volunteers.services.errand import errand_give_back, errand_take
from volunteers.shift_due import clock_of

TOLD_WITHIN = timedelta(days=14)


def register() -> None:
    due_source(
        DueSource(
            "errand_asked",
            gettext_lazy("Kan du ta et én-til-én-oppdrag?"),
            _asked,
            _asked_still,
            _asked_words,
            urgent=True,
            answered=_answered,
            outcome=_outcome,
        )
    )
    due_source(
        DueSource(
            "errand_off",
            gettext_lazy("Én-til-én-oppdrag avlyst"),
            _off,
            _off_still,
            _off_words,
            urgent=True,
        )
    )


def _day(errand: Errand) -> date:
    return timezone.localdate(errand.starts_at)


def _url(person: Person, errand: Errand) -> str:
    return reverse("my_errand", args=[errand.pk]) if person.user_id else ""


def _asked(_until: date) -> Iterator[Due]:
    """Those who have said that they would like such: nobody else is disturbed by it."""
    for errand in errands_waiting().filter(asked_at__gte=timezone.now() - TOLD_WITHIN).order_by("pk"):
        on = timezone.localdate(errand.asked_at)
        for volunteer in able_for(errand).filter(one_to_one=True).select_related("person"):
            yield Due(volunteer.person, errand, due_on=_day(errand), tell_on=on)


def _asked_still(notice: Notice) -> Errand | None:
    errands = Errand.objects.select_related("unit", "municipality__settings")
    found = errands.filter(pk=notice.object_id, starts_at__gt=timezone.now()).first()
    if found is None or notice.state == NoticeState.SENT:
        return found
    is_open = found.taken_at is None and found.cancelled_at is None
    still_able = is_open and able_for(found).filter(person=notice.person_id).exists()
    return found if still_able else None


def _asked_words(notice: Notice, errand: Errand) -> Words:
    told = {
        "place": without_links(errand.unit.name),
        "what": errand.get_kind_display().lower(),
        "when": clock_of(errand.starts_at, errand.ends_at),
        "where": without_links(errand.area_words),
    }
    line = _("%(place)s ønsker seg en frivillig: %(what)s, %(when)s.") % told
    lines = [line]
    if told["where"]:
        lines.append(_("Omtrent her: %(where)s.") % told)
    if errand.words:
        lines.append(without_links(errand.words))
    lines.append(_("Den første som sier ja, tar oppdraget. Da får du vite hvem det er for, og hvor."))
    return Words(
        title=_("Et én-til-én-oppdrag"),
        lines=tuple(lines),
        url=_url(notice.person, errand),
        link=_("Se oppdraget"),
        sms=line,
        question=_("Kan du ta oppdraget? (%(what)s, %(when)s)") % told,
    )


def _answered(reply: Reply) -> None:
    errand = Errand.objects.filter(pk=reply.notice.object_id).first()
    volunteer = Volunteer.objects.filter(person=reply.notice.person_id).select_related("person").first()
    if errand is None or volunteer is None:
        return
    if reply.answer == Answer.NO:
        if errand.taken_by_id == volunteer.pk:
            errand_give_back(errand=errand, volunteer=volunteer, by=reply.noted_by)
    elif errand.taken_at is None and able_for(errand).filter(pk=volunteer.pk).exists():
        errand_take(errand=errand, volunteer=volunteer, by=reply.noted_by, clash_accepted=True)


def _outcome(reply: Reply, errand: Errand) -> str:
    if reply.answer == Answer.NO:
        return ""
    if (
        errand.taken_by_id
        and Volunteer.objects.filter(pk=errand.taken_by_id, person=reply.notice.person_id).exists()
    ):
        return _("Oppdraget er ditt. Tusen takk! Enheten ringer deg, eller du ser mer på Min side.")
    if errand.cancelled_at is not None:
        return _("Oppdraget er avlyst. Takk for at du ville!")
    if errand.taken_at is None:
        # Nobody was first: it is she who may not take it any more.
        return _("Spørsmålet er ikke lenger åpent. Ring kommunen hvis noe er feil.")
    return _("En annen tok oppdraget først. Takk for at du ville!")


def _off(_until: date) -> Iterator[Due]:
    now = timezone.now()
    off = Errand.objects.filter(cancelled_at__gte=now - TOLD_WITHIN, starts_at__gt=now)
    for errand in off.exclude(taken_by=None).select_related("taken_by__person").order_by("pk"):
        if errand.taken_by is not None and errand.cancelled_at is not None:
            on = timezone.localdate(errand.cancelled_at)
            yield Due(errand.taken_by.person, errand, due_on=_day(errand), tell_on=on)


def _off_still(notice: Notice) -> Errand | None:
    off = Errand.objects.filter(pk=notice.object_id, taken_by__person=notice.person_id)
    return off.filter(cancelled_at__isnull=False).select_related("unit").first()


def _off_words(notice: Notice, errand: Errand) -> Words:
    line = _("Oppdraget du tok %(when)s, er avlyst. Du trenger ikke komme.") % {
        "when": clock_of(errand.starts_at, errand.ends_at)
    }
    return Words(title=_("Avlyst"), lines=(line, _("Takk for at du ville!")), sms=line)
