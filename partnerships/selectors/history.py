"""What happened, when and by whom: the trace and what rows were before, told as one."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import cache
from itertools import pairwise
from typing import Any, NamedTuple

from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import CharField, OuterRef, Q, Subquery
from django.utils.functional import Promise
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from partnerships.selectors.history_names import Names, Wanted, names_for
from partnerships.selectors.history_values import Change, Difference, ask_for, changes, differences
from partnerships.selectors.words import role_word
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role
from samskaping.core.audit_words import audit_words, unsigned_actor
from samskaping.core.history import TRACKED
from samskaping.core.models import AuditEvent, Municipality
from samskaping.core.written import Given, Written, ask

SHOWN = 20
# Written once, when the tables were made: what a row was then, and nothing that happened.
_BEGUN = "begun"


@dataclass(frozen=True)
class Entry:
    at: datetime
    who: str
    sentence: str
    changes: list[Change]
    # What it was done to, and where that is; for lists about many things.
    about: str = ""
    url: str = ""


class History(NamedTuple):
    entries: list[Entry]
    has_more: bool


@dataclass
class Step:
    """One line to be: an event of the trace with the rows it wrote, or rows nobody put a name to."""

    event: AuditEvent | None
    # Old to new.
    rows: list[Any] = field(default_factory=list)
    before: Any = None
    actor_id: int | None = None
    actor_known: bool = True

    @property
    def at(self) -> datetime:
        return self.event.at if self.event else self.rows[-1].pgh_created_at

    def differences(self) -> list[Difference]:
        if not self.rows or self.rows[-1].pgh_label == "delete":
            return []
        before = self.rows[0] if self.rows[0].pgh_label == "insert" else self.before
        if before is None:
            return []
        # Stamps («avsluttet 3. mai kl. 9») say what the sentence says already.
        return [
            difference
            for difference in differences(before, self.rows[-1])
            if self.event is None or not isinstance(difference.field, models.DateTimeField)
        ]


def history_of(obj: models.Model, viewer: User, *, limit: int | None = SHOWN) -> History:
    """Everything that happened to one row, newest first. Five queries, however long it is.

    Whether the viewer may read it at all, the view has asked; names and values are told as she may know them.
    """
    if obj.pk is None:
        return History([], has_more=False)
    at_most = limit + 1 if limit is not None else None
    rows = _rows_of(obj, at_most)
    events = _events_of(obj, rows, at_most)
    steps = _steps(obj, rows, events)
    municipality = obj if isinstance(obj, Municipality) else getattr(obj, "municipality", None)
    told = steps[:limit]
    names = names_for(viewer, _wanted(told), municipality.pk if municipality else None)
    return History(
        [entry_of(step, type(obj), names, municipality) for step in told], has_more=len(steps) > len(told)
    )


def what_happened(
    events: Sequence[AuditEvent], viewer: User, municipality: Municipality, *, people: Iterable[int] = ()
) -> tuple[list[Step], Names]:
    """A page of the trace with what its steps changed. One pair of queries for each kind of thing on it."""
    steps = [Step(event, actor_id=event.actor_id) for event in events]
    of_object: dict[tuple[str, str], list[Step]] = defaultdict(list)
    for step, event in zip(steps, events, strict=True):
        of_object[event.object_type, event.object_id].append(step)
    for model, event_model in TRACKED.items():
        label = model._meta.label_lower
        mine = [event for event in events if event.object_type == label]
        if mine:
            _attach(event_model, label, mine, of_object)
    wanted = _wanted(steps)
    wanted.people.update(people)
    return steps, names_for(viewer, wanted, municipality.pk)


def _attach(
    event_model: Any,
    label: str,
    events: list[AuditEvent],
    of_object: dict[tuple[str, str], list[Step]],
) -> None:
    """Gives each step the rows its transaction wrote to its object, and what stood there before."""
    earlier = event_model.objects.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    rows = list(
        event_model.objects.filter(
            pgh_obj__in={event.object_id for event in events},
            transaction_at__in={event.transaction_at for event in events},
        )
        .annotate(before_id=Subquery(earlier.order_by("-pgh_id").values("pgh_id")[:1]))
        .order_by("pgh_id")
    )
    before = event_model.objects.in_bulk({row.before_id for row in rows if row.before_id})
    for row in rows:
        step = _step_for(row, of_object[label, str(row.pgh_obj_id)])
        if step is not None and row.pgh_label != _BEGUN:
            step.before = step.before if step.rows else before.get(row.before_id)
            step.rows.append(row)


def _step_for(row: Any, steps: Iterable[Step]) -> Step | None:
    """A service changes first and notes afterwards, so a row belongs to the next note of its transaction."""
    same = sorted(
        (s for s in steps if s.event and s.event.transaction_at == row.transaction_at),
        key=lambda s: s.event.pk if s.event else 0,
    )
    return next((s for s in same if s.at >= row.pgh_created_at), same[-1] if same else None)


def _rows_of(obj: models.Model, at_most: int | None) -> list[Any]:
    """Newest first, each with `before`: the one older is what it was."""
    event_model = TRACKED.get(type(obj))
    if event_model is None:
        return []
    # One more than is shown: the oldest is only what the one after it was before.
    found = _rows_written(event_model, at_most + 1 if at_most else None).rows(pk=obj.pk)
    for newer, older in pairwise(found):
        newer.before = older
    if found:
        found[-1].before = None
    whole = at_most is None or len(found) <= at_most
    return [row for row in (found if whole else found[:-1]) if row.pgh_label != _BEGUN]


def _events_of(obj: models.Model, rows: list[Any], at_most: int | None) -> list[AuditEvent]:
    """The row's own events, and those of the transactions that changed it: they say who it was."""
    label, pk = obj._meta.label_lower, str(obj.pk)
    given = {"label": label, "pk": pk, "moments": {row.transaction_at for row in rows}}
    own, beside = ask([_own_written(at_most), _BESIDE], given)
    return sorted((*own, *beside), key=lambda event: (event.at, event.pk), reverse=True)


@cache
def _rows_written(event_model: Any, at_most: int | None) -> Written:
    return Written(lambda: event_model.objects.filter(pgh_obj=Given("pk"))[:at_most])


_IT = Q(object_type=Given("label", CharField()), object_id=Given("pk", CharField()))
# What the same transactions did to something else.
_BESIDE = Written(lambda: AuditEvent.objects.filter(~_IT, transaction_at__in=Given("moments")).order_by())


@cache
def _own_written(at_most: int | None) -> Written:
    return Written(lambda: AuditEvent.objects.filter(_IT)[:at_most])


def _steps(obj: models.Model, rows: list[Any], events: list[AuditEvent]) -> list[Step]:
    name = (obj._meta.label_lower, str(obj.pk))
    steps = [
        Step(event, actor_id=event.actor_id)
        for event in events
        if (event.object_type, event.object_id) == name
    ]
    nobodys: dict[datetime, Step] = {}
    for row in reversed(rows):
        step = _step_for(row, steps)
        if step is None:
            step = nobodys.setdefault(row.transaction_at, Step(None, actor_known=False))
        if not step.rows:
            step.before = row.before
        step.rows.append(row)
    for began, step in nobodys.items():
        actors = {event.actor_id for event in events if event.transaction_at == began}
        if len(actors) == 1:
            step.actor_id, step.actor_known = actors.pop(), True
    return sorted([*steps, *nobodys.values()], key=lambda step: step.at, reverse=True)


def _wanted(steps: Iterable[Step]) -> Wanted:
    wanted = Wanted()
    for step in steps:
        if step.actor_id is not None:
            wanted.users.add(step.actor_id)
        if step.event is not None and step.event.on_behalf_of:
            wanted.add(*_behalf(step.event))
        for difference in step.differences():
            ask_for(difference, wanted)
    return wanted


def _behalf(event: AuditEvent) -> tuple[str, str]:
    label, _colon, pk = event.on_behalf_of.rpartition(":")
    return label, pk


def entry_of(
    step: Step,
    model: type[models.Model],
    names: Names,
    municipality: Municipality | None,
    *,
    about: str = "",
    url: str = "",
) -> Entry:
    """One line in words. `about` and `url`: what it was done to, in lists about many things."""
    told = [c for difference in step.differences() for c in changes(difference, names, municipality)]
    told += _without_values(step, model)
    who = _who(step, names)
    if step.event is not None and step.event.on_behalf_of and _unsigned(step) is None:
        who = _("%(who)s på vegne av %(whom)s") % {"who": who, "whom": names.what(*_behalf(step.event))}
    is_change = step.event is not None and "fields" in step.event.data
    if is_change and len(told) == 1:
        sentence = _one_change(who, told.pop())
    else:
        sentence = _sentence(step, who, municipality)
    return Entry(step.at, str(capfirst(who)), str(capfirst(sentence)), told, about, url)


def _who(step: Step, names: Names) -> str:
    """Who takes part in a group without working there is «en deltaker», by link or by her account."""
    unsigned = _unsigned(step)
    if unsigned is not None and step.actor_id not in names.roles:
        return str(unsigned)
    return names.who(step.actor_id) if step.actor_known else ""


def _unsigned(step: Step) -> Promise | None:
    """For what is done in a group: the trace does not tell who is in it, nor whom somebody wrote for."""
    return unsigned_actor(step.event.verb) if step.event is not None else None


def _without_values(step: Step, model: type[models.Model]) -> list[Change]:
    """Fields the trace names and whose values are nobody's to keep: a contact, an address."""
    named = step.event.data.get("fields", []) if step.event else []
    event_model = TRACKED.get(model)
    kept = {f.name for f in event_model._meta.fields} if event_model else set()
    found = []
    for name in named:
        if name not in kept:
            try:
                found.append(Change(str(model._meta.get_field(name).verbose_name)))  # type: ignore[union-attr]
            except FieldDoesNotExist:
                continue  # the field is gone since
    return found


def _one_change(who: str, change: Change) -> str:
    told = {"who": who, "label": change.label, "before": change.before, "after": change.after}
    if change.before and change.after:
        return _("%(who)s endret «%(label)s» fra %(before)s til %(after)s") % told
    if change.after:
        return _("%(who)s satte «%(label)s» til %(after)s") % told
    if change.before:
        return _("%(who)s tok bort «%(label)s», som var %(before)s") % told
    return _("%(who)s endret «%(label)s»") % told


def _sentence(step: Step, who: str, municipality: Municipality | None) -> str:
    if step.event is not None:
        role = step.event.data.get("role")
        named = role_word(role, municipality) if role in set(Role) else ""
        return str(audit_words(step.event.verb)) % {"who": who, "role": named}
    by = {"who": who}
    labels = {row.pgh_label for row in step.rows}
    if "delete" in labels:
        return _("%(who)s slettet dette") % by if who else _("Dette ble slettet, ukjent av hvem")
    if "insert" in labels:
        return _("%(who)s la inn dette") % by if who else _("Dette ble lagt inn, ukjent av hvem")
    return _("%(who)s endret dette") % by if who else _("Dette ble endret, ukjent av hvem")
