"""Agreements as somebody may see them: the list, what runs out, and whose turn it is."""

from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import AgreementKind, AgreementQuerySet, AgreementState
from partnerships.models import PartnershipParty
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.once import address_of, labels_of
from samskaping.core.text import sort_key

# What a leader plans by: a season.
SOON = timedelta(days=90)
# One that ran out stays in sight so long: often it goes on in life, and only the date is old.
LATELY = timedelta(days=60)
# Not signed by all.
NOT_YET = (AgreementState.DRAFT, AgreementState.SENT, AgreementState.DECLINED)


class State(StrEnum):
    RUNNING = ""
    ENDING = "snart"
    PAST = "over"
    ALL = "alle"


STATE_LABELS = {
    State.RUNNING: gettext_lazy("Gjelder nå"),
    State.ENDING: gettext_lazy("Går ut innen 90 dager"),
    State.PAST: gettext_lazy("Gått ut eller avsluttet"),
    State.ALL: gettext_lazy("Alle"),
}


def agreements_in(municipality: Municipality, user: User) -> AgreementQuerySet:
    """Hers here: the municipality's own, and those of a partnership it takes part in next door."""
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    here = Exists(parties.filter(party_municipality=municipality))
    return Agreement.objects.visible_to(user).filter(Q(municipality=municipality) | here)


def in_state(found: AgreementQuerySet, state: State, today: date) -> AgreementQuerySet:
    """What runs out first comes first; what has no end comes after, and what is over last."""
    over = Q(ended_on__isnull=False) | Q(ends_on__lt=today)
    if state == State.RUNNING:
        found = found.filter(ended_on=None).exclude(ends_on__lt=today - LATELY)
    elif state == State.ENDING:
        found = ending(found, today)
    elif state == State.PAST:
        return found.filter(over).order_by(F("ends_on").desc(nulls_last=True), "title_key", "pk")
    rank = Case(When(ended_on__isnull=False, then=Value(1)), default=Value(0), output_field=IntegerField())
    return found.order_by(rank, F("ends_on").asc(nulls_last=True), "title_key", "pk")


def ending(found: AgreementQuerySet, today: date) -> AgreementQuerySet:
    running = found.exclude(state__in=NOT_YET)
    return running.filter(ended_on=None, ends_on__gte=today, ends_on__lte=today + SOON)


def matching(found: AgreementQuerySet, *, q: str = "", kind: str = "") -> AgreementQuerySet:
    """Every word of `q` stands somewhere in the title, or in the name of one party."""
    for word in sort_key(q).split():
        parties = AgreementParty.objects.filter(agreement=OuterRef("pk")).filter(
            Q(unit__name_key__contains=word)
            | Q(centre__name_key__contains=word)
            | Q(organisation__name_key__contains=word)
        )
        found = found.filter(Q(title_key__contains=word) | Exists(parties))
    return found.filter(kind=kind) if kind else found


def rows(found: Any, today: date) -> list[dict[str, Any]]:
    """For the list: plain words. One query."""
    kinds, url = labels_of(AgreementKind), address_of("agreement")
    shown = found.only("title", "kind", "state", "ends_on", "ended_on", "notice_days")
    return [
        {
            "url": url(row.pk),
            "title": row.title,
            "parties": ", ".join(row.names),
            "kind": kinds[row.kind],
            "tag": state_tag(row, today),
        }
        for row in shown.annotate(names=party_names_at("pk"))
    ]


def state_tag(agreement: Agreement, today: date) -> dict[str, str]:
    """How it stands, in words and a colour that says the same."""
    if agreement.state in NOT_YET:
        color = "warning" if agreement.state == AgreementState.DECLINED else "info"
        return {"text": agreement.get_state_display(), "color": color}
    if agreement.ended_on is not None:
        return {"text": _("Avsluttet %(day)s") % {"day": _day(agreement.ended_on)}, "color": "neutral"}
    if agreement.ends_on is None:
        return {"text": _("Gjelder til noen avslutter den"), "color": "success"}
    day = _day(agreement.ends_on)
    if agreement.ends_on < today:
        return {"text": _("Gikk ut %(day)s") % {"day": day}, "color": "danger"}
    if agreement.tell_on and agreement.tell_on <= today:
        return {"text": _("Går ut %(day)s") % {"day": day}, "color": "warning"}
    return {"text": _("Gjelder til %(day)s") % {"day": day}, "color": "success"}


def party_names(agreement: Agreement) -> list[str]:
    return [party.actor.name for party in agreement.parties.all()]


def party_names_at(path: str) -> ArraySubquery:
    """The same as a list, worked out by the database: `path` leads from the row to its agreement."""
    parties = AgreementParty.objects.filter(agreement=OuterRef(path)).order_by("pk")
    return ArraySubquery(parties.values(name=Coalesce("unit__name", "centre__name", "organisation__name")))


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")
