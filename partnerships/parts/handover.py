"""Being asked to take a duty: the question itself, and a word to who asked when a week goes by."""

from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import DutyHolder, Notice, Person, Reply
from partnerships.models.notice import Answer
from partnerships.models.partnership import Phase
from partnerships.models.responsibility import HolderPart
from partnerships.selectors.responsibility_board import name_of
from partnerships.services.handover import handover_answer
from samskaping.core.audit_words import audit_says
from samskaping.core.templatetags.letters import without_links

WEEK = timedelta(days=7)

audit_says("duty_asked", gettext_lazy("%(who)s spurte om noen ville ta oppgaven"))
audit_says("duty_taken", gettext_lazy("%(who)s tok oppgaven"))
audit_says("duty_declined", gettext_lazy("%(who)s takket nei til oppgaven"))
audit_says("duty_question_withdrawn", gettext_lazy("%(who)s trakk spørsmålet om oppgaven tilbake"))
audit_says("duty_leaving", gettext_lazy("%(who)s meldte at den ansvarlige slutter"))
audit_says("duty_staying", gettext_lazy("%(who)s meldte at den ansvarlige blir værende"))
audit_says("deputy_ended", gettext_lazy("%(who)s meldte at stedfortrederen slutter"))


def register() -> None:
    due_source(
        DueSource(
            kind="duty_asked",
            label=gettext_lazy("Spørsmål om å ta en oppgave"),
            derive=_asked,
            about=_still_asked,
            words=_asked_words,
            answered=_answered,
        )
    )
    due_source(
        DueSource(
            kind="duty_unanswered",
            label=gettext_lazy("Oppgave ingen har svart på"),
            derive=_unanswered,
            about=_still_asked,
            words=_unanswered_words,
        )
    )


def _open() -> Any:
    return (
        DutyHolder.objects.asked()
        .filter(duty__removed_at=None, person__isnull=False)
        .exclude(duty__map__partnership__phase=Phase.ENDED)
        .select_related(
            "person", "duty__map__partnership", "duty__map__unit", "duty__map__municipality__settings"
        )
    )


def _asked(day: date) -> Iterator[Due]:
    for holder in _open().iterator(chunk_size=1000):
        asked_on = timezone.localdate(holder.asked_at)
        if asked_on <= day:
            yield Due(holder.person, holder, due_on=asked_on, tell_on=asked_on)


def _still_asked(notice: Notice) -> DutyHolder | None:
    """None when she has answered, it was withdrawn, the duty is gone, or the co-operation is over."""
    found: DutyHolder | None = _open().filter(pk=notice.object_id).first()
    return found


def _asked_words(_notice: Notice, holder: DutyHolder) -> Words:
    if holder.part == HolderPart.DEPUTY:
        question = _("Vil du være stedfortreder?")
    else:
        question = _("Tar du på deg oppgaven?")
    return Words(
        title=_("Du er spurt om å ta en oppgave"),
        lines=(
            _("Oppgaven er «%(duty)s», i ansvarskartet for %(map)s.")
            % {"duty": without_links(holder.duty.text), "map": without_links(name_of(holder.duty.map))},
            _("Sier du ja, står du på kartet. Du kan levere oppgaven videre siden."),
        ),
        url=reverse("handover_answer", args=[holder.pk]) if holder.person and holder.person.user_id else "",
        link=_("Se oppgaven"),
        question=question,
    )


def _answered(reply: Reply) -> None:
    """The row is locked and looked at again there: a question that is closed is refused in words."""
    holder = DutyHolder.objects.select_related("duty", "person").get(pk=reply.notice.object_id)
    handover_answer(holder=holder, yes=reply.answer == Answer.YES, by=reply.noted_by)


def _unanswered(day: date) -> Iterator[Due]:
    """To who asked, in the role the asking was done in: her row in that municipality."""
    waiting = [
        (holder, timezone.localdate(holder.asked_at) + WEEK)
        for holder in _open().filter(asked_by__isnull=False)
        if timezone.localdate(holder.asked_at) + WEEK <= day
    ]
    askers: dict[tuple[int, int], Person] = {
        (person.user_id, person.municipality_id): person
        for person in Person.objects.filter(
            user__in={holder.asked_by_id for holder, _day in waiting}, erased_at=None
        ).order_by("-pk")
        if person.user_id is not None
    }
    for holder, week_on in waiting:
        asker = askers.get((holder.asked_by_id, holder.municipality_id))
        if asker is not None:
            yield Due(asker, holder, due_on=week_on, tell_on=week_on)


def _unanswered_words(_notice: Notice, holder: DutyHolder) -> Words:
    return Words(
        title=_("Ingen har svart på spørsmålet om en oppgave"),
        lines=(
            _("For en uke siden spurte du om noen ville ta oppgaven «%(duty)s».")
            % {"duty": without_links(holder.duty.text)},
            _("Ring, eller spør noen andre."),
        ),
        url=reverse("duty", args=[holder.duty_id]),
        link=_("Se oppgaven"),
    )
