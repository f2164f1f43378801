"""What is told of follow-up: a talk to the volunteer, what is due to whoever takes it, thanks, and Min side.

Titles name nobody: they stand in subjects and on lists. A letter and a call say the same as the e-mail.
"""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.db.models import CharField, Exists, F, OuterRef, QuerySet
from django.db.models.functions import Cast
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Membership, Notice, Reply
from partnerships.models.notice import Answer, NoticeState
from partnerships.selectors.channel import code_channel
from partnerships.selectors.words import sender_name
from samskaping.core.link_token import link_token
from samskaping.core.templatetags.letters import without_links
from volunteers.models import CareStep, Thanks, Volunteer
from volunteers.models.care import CareKind
from volunteers.models.volunteer import VolunteerState
from volunteers.selectors.care import TALK_FILE, talk_words
from volunteers.services.care import care_talk_answer

# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
REMIND_BEFORE = timedelta(days=1)
# She who was told this lately needs no reminder.
SET_LATELY = timedelta(days=3)
TALK = "care_talk"
JOINED = ("volunteer__person__municipality__settings", "volunteer__person__controller_organisation",
          "volunteer__person__controller_centre")  # fmt: skip


def register() -> None:
    due_source(
        DueSource(
            kind=TALK,
            label=gettext_lazy("Avtalt samtale med en frivillig"),
            derive=_talks,
            about=_still_talk,
            words=_talk_words,
            urgent=True,
            answered=_talk_answered,
        )
    )
    due_source(
        DueSource(
            kind="care_talk_off",
            label=gettext_lazy("En samtale er avlyst"),
            derive=_off,
            about=_still_off,
            words=_off_words,
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="care_talk_soon",
            label=gettext_lazy("Påminnelse om en samtale"),
            derive=_soon,
            about=_still_soon,
            words=_soon_words,
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="care_step",
            label=gettext_lazy("Oppfølging av en frivillig"),
            derive=_steps,
            about=_still_step,
            words=_step_words,
        )
    )
    due_source(
        DueSource(
            kind="volunteer_thanks",
            label=gettext_lazy("Takk til en frivillig"),
            derive=_thanks,
            about=_still_thanks,
            words=_thanks_words,
            urgent=True,
        )
    )
    due_source(
        DueSource(
            kind="own_page",
            label=gettext_lazy("Min side for en frivillig"),
            derive=_pages,
            about=_still_page,
            words=_page_words,
            urgent=True,
        )
    )


# --- A talk -----------------------------------------------------------------------------------------------
def _coming() -> QuerySet[CareStep]:
    return CareStep.objects.filter(
        at__gt=timezone.now(), done_at=None, let_go_at=None, volunteer__person__erased_at=None
    ).select_related(*JOINED)


def _talks(_until: date) -> Iterator[Due]:
    for step in _coming().filter(at_set_at__gte=timezone.now() - TOLD_WITHIN):
        on = timezone.localdate(step.at_set_at)
        yield Due(step.volunteer.person, step, due_on=step.due_on, tell_on=on)


def _still_talk(notice: Notice) -> CareStep | None:
    step: CareStep | None = _coming().filter(pk=notice.object_id).first()
    return step if step is not None and step.due_on == notice.due_on else None


def _talk_words(_notice: Notice, step: CareStep) -> Words:
    place, when = _who(step.volunteer), without_links(talk_words(step))
    first = _("%(place)s vil gjerne ta en prat med deg.") % {"place": place}
    return Words(
        title=_("Vi vil gjerne ta en prat"),
        lines=(first, _("Når og hvor: %(when)s.") % {"when": when}, *_about_talk(step)),
        url=_file(step),
        link=_("Legg i kalenderen"),
        sms=f"{first} {when}.",
        question=_("Passer det for deg?"),
    )


def _about_talk(step: CareStep) -> Iterator[str]:
    if step.kind == CareKind.START_TALK:
        yield _("Vi snakker om hva du har lyst til, hva stedet trenger, og hva som må være klart først.")
    elif step.kind == CareKind.FOLLOW_UP_TALK:
        yield _("Vi hører hvordan du har det som frivillig, og om noe bør være annerledes.")
    elif step.kind == CareKind.CLARIFY_TALK:
        yield _("Vi snakker om hvordan det går, og hva som skal skje videre. Du kan ha med deg noen.")


def _talk_answered(reply: Reply) -> None:
    step = _coming().filter(pk=reply.notice.object_id).first()
    if step is not None:
        care_talk_answer(step=step, suits=reply.answer == Answer.YES, by=reply.noted_by)


def _off(_until: date) -> Iterator[Due]:
    """Only to her who was told that there would be one, and has no new hour."""
    told = Notice.objects.filter(
        kind=TALK,
        object_type=CareStep._meta.label_lower,
        object_id=Cast(OuterRef("pk"), CharField()),
        state__in=(NoticeState.SENT, NoticeState.QUEUED, NoticeState.LISTED),
    )
    for step in _let_go().filter(Exists(told), let_go_at__gte=timezone.now() - TOLD_WITHIN):
        on = timezone.localdate(step.let_go_at)
        yield Due(step.volunteer.person, step, due_on=step.due_on, tell_on=on)


def _let_go() -> QuerySet[CareStep]:
    again = CareStep.objects.filter(uid=OuterRef("uid"), let_go_at=None)
    return CareStep.objects.filter(
        ~Exists(again), at__gt=timezone.now(), let_go_at__isnull=False, volunteer__person__erased_at=None
    ).select_related(*JOINED)


def _still_off(notice: Notice) -> CareStep | None:
    found: CareStep | None = _let_go().filter(pk=notice.object_id).first()
    return found


def _off_words(_notice: Notice, step: CareStep) -> Words:
    when = without_links(talk_words(step))
    line = _("Praten vi hadde avtalt %(when)s, blir det ikke noe av.") % {"when": when[:1].lower() + when[1:]}
    return Words(
        title=_("Praten er avlyst"),
        lines=(line, _("Du trenger ikke gjøre noe.")),
        url=_file(step),
        link=_("Ta den ut av kalenderen"),
        sms=line,
    )


def _soon(until: date) -> Iterator[Due]:
    for step in _coming().filter(due_on__lte=until + REMIND_BEFORE, at_set_at__lt=F("at") - SET_LATELY):
        yield Due(step.volunteer.person, step, due_on=step.due_on, tell_on=step.due_on - REMIND_BEFORE)


def _still_soon(notice: Notice) -> CareStep | None:
    step = _still_talk(notice)
    return step if step is not None and step.suits is not False else None


def _soon_words(_notice: Notice, step: CareStep) -> Words:
    line = _("Husk praten med %(place)s: %(when)s.") % {
        "place": _who(step.volunteer),
        "when": without_links(talk_words(step)),
    }
    return Words(
        title=_("Husk praten vi har avtalt"),
        lines=(line,),
        url=_file(step),
        link=_("Legg i kalenderen"),
        sms=line,
    )


def _file(step: CareStep) -> str:
    return reverse("care_talk_file", args=[link_token(TALK_FILE, step)])


def _who(volunteer: Volunteer) -> str:
    return without_links(sender_name(volunteer.person))


# --- Due to whoever looks after her -----------------------------------------------------------------------
def _steps(until: date) -> Iterator[Due]:
    rows = _open_steps().filter(due_on__lte=until, due_on__gte=timezone.localdate() - TOLD_WITHIN)
    found = list(rows)
    held = (
        Membership.objects.current()
        .filter(user__in={step.owner_id for step in found}, person__isnull=False)
        .select_related("person")
        .order_by("pk")
    )
    people: dict[Any, Any] = {(row.user_id, row.municipality_id): row.person for row in held}
    for step in found:
        person = people.get((step.owner_id, step.municipality_id))
        if person is not None:
            yield Due(person, step, due_on=step.due_on, tell_on=step.due_on)


def _open_steps() -> QuerySet[CareStep]:
    return CareStep.objects.filter(done_at=None, let_go_at=None, owner__isnull=False).select_related(
        "volunteer__person"
    )


def _still_step(notice: Notice) -> CareStep | None:
    """While it is hers, on that day."""
    rows = _open_steps().filter(pk=notice.object_id, due_on=notice.due_on, owner__people=notice.person_id)
    found: CareStep | None = rows.first()
    return found


def _step_words(_notice: Notice, step: CareStep) -> Words:
    name = without_links(step.volunteer.person.name)
    line = _("%(what)s: %(name)s.") % {"what": without_links(step.title), "name": name}
    talk = talk_words(step)
    return Words(
        title=_("En frivillig å følge opp"),
        lines=(line, *((without_links(talk),) if talk else ())),
        url=reverse("volunteer", args=[step.volunteer_id]),
        link=_("Se den frivillige"),
    )


# --- Thanks -----------------------------------------------------------------------------------------------
def _given() -> QuerySet[Thanks]:
    return Thanks.objects.filter(volunteer__person__erased_at=None).select_related("offer", *JOINED)


def _thanks(_until: date) -> Iterator[Due]:
    for thanks in _given().filter(at__gte=timezone.now() - TOLD_WITHIN):
        on = timezone.localdate(thanks.at)
        yield Due(thanks.volunteer.person, thanks, due_on=on, tell_on=on)


def _still_thanks(notice: Notice) -> Thanks | None:
    found: Thanks | None = _given().filter(pk=notice.object_id).first()
    return found


def _thanks_words(_notice: Notice, thanks: Thanks) -> Words:
    words = without_links(thanks.words)
    where = without_links(thanks.offer.title) if thanks.offer else _who(thanks.volunteer)
    has_page = thanks.volunteer.person.user_id is not None
    return Words(
        title=_("Takk til deg"),
        lines=(_("Hilsen fra %(where)s:") % {"where": where}, f"«{words}»"),
        url=reverse("my_page") if has_page else "",
        link=_("Se det på Min side") if has_page else "",
        sms=_("Takk til deg fra %(where)s: «%(words)s»") % {"where": where, "words": words},
    )


# --- Her own page -----------------------------------------------------------------------------------------
def _told() -> QuerySet[Volunteer]:
    return Volunteer.objects.filter(
        page_told_at__isnull=False, person__user=None, person__erased_at=None
    ).select_related(
        "person__municipality__settings", "person__controller_organisation", "person__controller_centre"
    )


def _pages(_until: date) -> Iterator[Due]:
    for volunteer in _told().filter(page_told_at__gte=timezone.now() - TOLD_WITHIN):
        on = timezone.localdate(volunteer.page_told_at)
        yield Due(volunteer.person, volunteer, due_on=on, tell_on=on)


def _still_page(notice: Notice) -> Any:
    found: Volunteer | None = _told().filter(pk=notice.object_id).first()
    if found is None or code_channel(found.person) is None:
        return None
    return found if timezone.localdate(found.page_told_at) == notice.due_on else None


def _page_words(_notice: Notice, volunteer: Volunteer) -> Words:
    ended = volunteer.state == VolunteerState.ENDED
    what = (
        _("Der kan du hente bekreftelsen på det du har gjort, og se opplysningene dine.")
        if ended
        else _("Der ser du neste gang, svarer ja eller nei, og finner ut hvem du ringer.")
    )
    return Words(
        title=_("Du har din egen side"),
        lines=(
            _("Hos %(place)s har du din egen side.") % {"place": _who(volunteer)},
            what,
            _("Skriv e-postadressen eller mobilnummeret ditt, så får du en kode. Du trenger ikke passord."),
        ),
        url=reverse("code_ask"),
        link=_("Gå til siden din"),
    )
