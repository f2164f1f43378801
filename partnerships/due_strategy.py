"""What people are told of strategies: one is to be looked at again, and one waits for their side's word."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta

from django.db.models import Q
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Membership, Notice, Person, Strategy, StrategyStance
from partnerships.models.strategy import StrategyState
from samskaping.accounts.permissions import Role
from samskaping.core.templatetags.letters import without_links

REVISION_BEFORE = timedelta(days=60)
# Long enough for a portal that stood still to tell of it when it is back.
TOLD_WITHIN = timedelta(days=14)
_KEEPERS = Q(role=Role.COORDINATOR) | Q(role=Role.CHIEF, unit=None)
_SIDES = Q(role__in=(Role.CENTRE_LEADER, Role.ORGANISATION_REP)) | Q(role=Role.CHIEF, unit=None)


def register() -> None:
    due_source(
        DueSource(
            kind="strategy_revision",
            label=gettext_lazy("Strategi som skal ses over"),
            derive=_to_revise,
            about=_still_to_revise,
            words=_revision_words,
        )
    )
    due_source(
        DueSource(
            kind="strategy_awaited",
            label=gettext_lazy("Strategi til bekreftelse"),
            derive=_awaited,
            about=_still_awaited,
            words=_awaited_words,
        )
    )


def _people(which: Q, municipality_id: int) -> Iterable[Membership]:
    current = Membership.objects.current().filter(
        which, municipality=municipality_id, person__isnull=False, user__is_active=True
    )
    return current.select_related("person").order_by("pk")


# --- To be looked at again --------------------------------------------------------------------------------
def _to_revise(day: date) -> Iterator[Due]:
    near = Strategy.objects.filter(
        state=StrategyState.IN_FORCE,
        revise_by__gte=timezone.localdate(),
        revise_by__lte=day + REVISION_BEFORE,
    )
    for strategy in near:
        for membership in _people(_KEEPERS, strategy.municipality_id):
            if membership.person is not None and strategy.revise_by is not None:
                tell_on = strategy.revise_by - REVISION_BEFORE
                yield Due(membership.person, strategy, due_on=strategy.revise_by, tell_on=tell_on)


def _still_to_revise(notice: Notice) -> Strategy | None:
    return Strategy.objects.filter(
        pk=notice.object_id, state=StrategyState.IN_FORCE, revise_by=notice.due_on
    ).first()


def _revision_words(notice: Notice, strategy: Strategy) -> Words:
    told = {"title": without_links(strategy.title), "day": formats.date_format(notice.due_on, "j. F Y")}
    return Words(
        title=_("Tid for å se over strategien"),
        lines=(
            _("«%(title)s» skal ses over innen %(day)s.") % told,
            _("Gjelder den fortsatt, flytter dere bare datoen. Ellers begynner dere på en ny versjon."),
        ),
        url=reverse("strategy", args=[strategy.pk]),
        link=_("Se strategien"),
    )


# --- Waits for a side's word -------------------------------------------------------------------------------
def _asked_on(strategy: Strategy) -> date:
    """The day it was sent, or got other words: those ask again. Twice in a day is told once."""
    return timezone.localdate(strategy.words_at)


def _awaited(_until: date) -> Iterator[Due]:
    for strategy in Strategy.objects.filter(
        state=StrategyState.PROPOSED, words_at__date__gt=timezone.localdate() - TOLD_WITHIN
    ):
        asked = _asked_on(strategy)
        for person, about in _asked_of(strategy).items():
            yield Due(person, about, due_on=asked, tell_on=asked)


def _asked_of(strategy: Strategy) -> dict[Person, Strategy | StrategyStance]:
    """Each person once, however many sides she answers for, and what the notice is about.

    Of the earlier answer where her side has one: of the strategy she was told before, perhaps today.
    """
    answers = {(one.centre_id, one.organisation_id): one for one in strategy.stances.all()}
    asked: dict[Person, Strategy | StrategyStance] = {}
    for membership in _people(_SIDES, strategy.municipality_id):
        before = answers.get((membership.centre_id, membership.organisation_id))
        if membership.person is None or (before is not None and before.at >= strategy.words_at):
            continue
        if before is None:
            asked[membership.person] = strategy
        elif membership.user_id != strategy.updated_by_id:
            asked.setdefault(membership.person, before)
    return asked


def _still_awaited(notice: Notice) -> Strategy | None:
    """None when all her sides have answered, or the words are others and a newer notice asks."""
    is_again = notice.object_type == StrategyStance._meta.label_lower
    which = Q(stances=notice.object_id) if is_again else Q(pk=notice.object_id)
    strategy = Strategy.objects.filter(which, state=StrategyState.PROPOSED).first()
    if strategy is None or _asked_on(strategy) != notice.due_on:
        return None
    about = {person.pk: about for person, about in _asked_of(strategy).items()}.get(notice.person_id)
    told_of = (about._meta.label_lower, str(about.pk)) if about else None
    return strategy if told_of == (notice.object_type, notice.object_id) else None


def _awaited_words(_notice: Notice, strategy: Strategy) -> Words:
    return Words(
        title=_("En strategi venter på hva dere mener"),
        lines=(
            _("«%(title)s» er sendt til bekreftelse.") % {"title": without_links(strategy.title)},
            _("Si om dere står bak den, eller hva dere ønsker endret."),
        ),
        url=reverse("strategy", args=[strategy.pk]),
        link=_("Les strategien"),
    )
