"""A strategy's life: written, sent round, answered by each side, put in force, replaced by a new version."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import access_of
from partnerships.models import Membership, Strategy, StrategyPoint, StrategyStance
from partnerships.models.strategy import Stance, StrategyState
from partnerships.selectors.strategy import ANSWERED_IN, UNDER_WORK, may_answer
from partnerships.services.editing import count, edited, unchanged_since
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.services.audit import audit_record
from samskaping.core.services.stored_file import stored_file_add_pdf

TEXT = frozenset({"title", "summary"})
# A text may be a link and nothing else: another link is other words.
WORDS = TEXT | {"document_url", "points"}
DECISION = frozenset(
    {
        "body",
        "case_number",
        "decided_on",
        "administrative_decision",
        "administrative_on",
        "valid_from",
        "valid_to",
    }
)
# What may be put right also when it is in force: the words are what was decided, and need a new version.
ABOUT = DECISION | {"revise_by", "document_url"}
_OTHER_STATE = _("Strategien er ikke der den var da du åpnet siden. Les den på nytt.")


@transaction.atomic
def strategy_create(
    *, municipality: Municipality, changes: dict[str, Any], points: Sequence[str] = (), by: User
) -> Strategy:
    """A draft. Raises DomainError for those who may not propose one there."""
    if not access_of(by).may(Permission.STRATEGY_PROPOSE, municipality_id=municipality.pk):
        raise DomainError(_("Du kan ikke foreslå en strategi her."))
    strategy = Strategy.objects.create(municipality=municipality, created_by=by, updated_by=by, title="")
    edited(strategy, changes, may_change=TEXT | ABOUT, by=by)
    _set_points(strategy, points)
    audit_record("strategy_created", strategy, by=by)
    return strategy


@transaction.atomic
def strategy_change(
    *,
    strategy: Strategy,
    version: int,
    changes: dict[str, Any],
    points: Sequence[str] | None = None,
    by: User,
) -> Strategy:
    """Saves what differs; other words ask those who have confirmed again.

    Raises ChangedMeanwhile when somebody saved after `version` was read, DomainError for what is decided or
    over.
    """
    locked = _lock(strategy)
    unchanged_since(locked, version)
    if locked.state not in (*UNDER_WORK, StrategyState.IN_FORCE):
        raise DomainError(_("Strategien gjelder ikke lenger, og står slik den var."))
    may_change = ABOUT if locked.state == StrategyState.IN_FORCE else TEXT | ABOUT
    changed = edited(locked, changes, may_change=may_change, by=by)
    if points is not None and list(points) != [point.text for point in locked.points.order_by("order")]:
        if locked.state == StrategyState.IN_FORCE:
            raise DomainError(_("Punktene er vedtatt. Lag en ny versjon for å endre dem."))
        _set_points(locked, points)
        count(locked, by=by)
        changed.append("points")
    if changed:
        if locked.state == StrategyState.PROPOSED and WORDS & set(changed):
            _ask_anew(locked)
        audit_record("strategy_changed", locked, by=by, data={"fields": changed})
    return locked


@transaction.atomic
def strategy_document(
    *, strategy: Strategy, content: bytes | None, name: str = "", by: User
) -> StoredFile | None:
    """The document as PDF, or none. While it is proposed, another one asks again as other words do.

    Raises FileRefused for what is no PDF we can keep, StateChanged when the strategy is over.
    """
    locked = _lock(strategy)
    if locked.state not in (*UNDER_WORK, StrategyState.IN_FORCE):
        raise StateChanged(_OTHER_STATE)
    old = locked.document
    locked.document = (
        stored_file_add_pdf(content, name=name, municipality=locked.municipality, by=by) if content else None
    )
    count(locked, by=by, fields=["document"])
    if locked.state == StrategyState.PROPOSED:
        _ask_anew(locked)
    audit_record("strategy_changed", locked, by=by, data={"fields": ["document"]})
    if old is not None:
        old.delete()
    return locked.document


@transaction.atomic
def strategy_send(*, strategy: Strategy, by: User) -> Strategy:
    """Asks every side for its word. Raises StateChanged when it is sent already, DomainError when empty."""
    locked = _lock(strategy)
    if locked.state != StrategyState.DRAFT:
        raise StateChanged(_OTHER_STATE)
    if not (locked.summary or locked.document_id or locked.document_url or locked.points.exists()):
        raise DomainError(_("Skriv noe om hva strategien vil, før andre skal si noe om den."))
    locked.state = StrategyState.PROPOSED
    count(locked, by=by, fields=["state"])
    _ask_anew(locked)
    audit_record("strategy_sent", locked, by=by)
    return locked


@transaction.atomic
def strategy_answer(
    *, strategy: Strategy, version: int, membership: Membership, stance: Stance, words: str = "", by: User
) -> StrategyStance:
    """What the side of this role says: the municipality's, a centre's or an organisation's.

    Raises StateChanged when the text is another than she read, DomainError for a role that answers for none.
    """
    locked = _lock(strategy)
    if not may_answer(membership, locked) or membership.user_id != by.pk:
        raise DomainError(_("Du kan bare svare for din egen side."))
    if locked.state not in ANSWERED_IN or locked.version != version:
        raise StateChanged(_OTHER_STATE)
    answer, _made = StrategyStance.objects.update_or_create(
        strategy=locked,
        centre=membership.centre,
        organisation=membership.organisation,
        defaults={
            "municipality_id": locked.municipality_id,
            "stance": stance,
            "words": words if stance == Stance.WISHES_CHANGE else "",
            "by": by,
        },
    )
    verb = "strategy_confirmed" if stance == Stance.CONFIRMED else "strategy_change_wished"
    audit_record(verb, locked, by=by)
    return answer


@transaction.atomic
def strategy_put_in_force(*, strategy: Strategy, version: int, changes: dict[str, Any], by: User) -> Strategy:
    """From the day it was decided. What it replaces is replaced in the same step.

    Raises ChangedMeanwhile, StateChanged when it is in force or over, and DomainError without a day.
    """
    locked = _lock(strategy)
    unchanged_since(locked, version)
    if locked.state not in UNDER_WORK:
        raise StateChanged(_OTHER_STATE)
    if not (changes.get("decided_on") or changes.get("administrative_on")):
        raise DomainError(_("Skriv når strategien ble vedtatt eller besluttet."))
    edited(locked, changes, may_change=DECISION | {"revise_by"}, by=by)
    if locked.replaces_id:
        old = _lock(Strategy(pk=locked.replaces_id))
        old.state = StrategyState.REPLACED
        count(old, by=by, fields=["state"])
        audit_record("strategy_replaced", old, by=by)
    locked.state = StrategyState.IN_FORCE
    count(locked, by=by, fields=["state"])
    audit_record("strategy_in_force", locked, by=by)
    return locked


@transaction.atomic
def strategy_new_version(*, strategy: Strategy, by: User) -> Strategy:
    """A draft with the same words, to work on while the old one is in force.

    Raises StateChanged when it is not in force or somebody has begun the next already.
    """
    locked = _lock(strategy)
    if locked.state != StrategyState.IN_FORCE or Strategy.objects.filter(replaces=locked).exists():
        raise StateChanged(_("Noen har begynt på en ny versjon allerede."))
    made = Strategy.objects.create(
        municipality_id=locked.municipality_id,
        title=locked.title,
        number=locked.number + 1,
        replaces=locked,
        summary=locked.summary,
        created_by=by,
        updated_by=by,
    )
    _set_points(made, [point.text for point in locked.points.order_by("order")])
    audit_record("strategy_created", made, by=by)
    return made


@transaction.atomic
def strategy_end(*, strategy: Strategy, by: User) -> Strategy:
    """Not in force any more, or never to be: then it replaces nothing, and leaves room for the next one.

    Raises StateChanged when it is over already.
    """
    locked = _lock(strategy)
    if locked.state not in (*UNDER_WORK, StrategyState.IN_FORCE):
        raise StateChanged(_OTHER_STATE)
    is_draft = locked.state == StrategyState.DRAFT
    if locked.state in UNDER_WORK:
        locked.replaces = None
    locked.state = StrategyState.DROPPED if is_draft else StrategyState.ENDED
    count(locked, by=by, fields=["state", "replaces"])
    audit_record("strategy_dropped" if is_draft else "strategy_ended", locked, by=by)
    return locked


def _lock(strategy: Strategy) -> Strategy:
    return Strategy.objects.select_for_update(of=("self",)).get(pk=strategy.pk)


def _ask_anew(strategy: Strategy) -> None:
    strategy.words_at = timezone.now()
    strategy.save(update_fields=["words_at"])


def _set_points(strategy: Strategy, texts: Sequence[str]) -> None:
    """A point that keeps its words, or its place, stays the same row: partnerships rest on it."""
    left = list(strategy.points.order_by("order"))
    kept: dict[int, StrategyPoint] = {}
    for number, text in enumerate(texts, 1):
        same = next((point for point in left if point.text == text), None)
        if same is not None:
            left.remove(same)
            kept[number] = same
    for number, text in enumerate(texts, 1):
        if number not in kept:
            here = next((point for point in left if point.order == number), None)
            if here is not None:
                left.remove(here)
            kept[number] = here or StrategyPoint(municipality_id=strategy.municipality_id, strategy=strategy)
            kept[number].text = text
    for gone in left:
        gone.delete()
    for number, point in kept.items():
        point.order = number
        point.save()
