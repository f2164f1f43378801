"""Agreements as somebody may see them: the list, what runs out, and whose turn it is."""

import re
from datetime import date, timedelta
from enum import StrEnum
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Case, Exists, F, IntegerField, OuterRef, Q, Value, When
from django.db.models.functions import Coalesce
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from agreements.models import Agreement, AgreementParty, AgreementSection, FrozenDocument
from agreements.models.agreement import NOT_YET, OVER, AgreementKind, AgreementQuerySet, AgreementState
from agreements.models.envelope import FAILED
from partnerships.models import PartnershipParty
from partnerships.selectors.partnership_search import both_forms
from samskaping.accounts.models import User
from samskaping.core.export import Cell
from samskaping.core.models import Municipality
from samskaping.core.once import address_of, labels_of
from samskaping.core.text import sort_key

# What a leader plans by: a season.
SOON = timedelta(days=90)
# One that ran out stays in sight so long: often it goes on in life, and only the date is old.
LATELY = timedelta(days=60)


class State(StrEnum):
    RUNNING = ""
    ENDING = "snart"
    UNDER_WAY = "underveis"
    PAST = "over"
    ALL = "alle"


STATE_LABELS = {
    State.RUNNING: gettext_lazy("Gjelder nå"),
    State.ENDING: gettext_lazy("Går ut innen 90 dager"),
    State.UNDER_WAY: gettext_lazy("Utkast og til signering"),
    State.PAST: gettext_lazy("Gått ut eller avsluttet"),
    State.ALL: gettext_lazy("Alle"),
}


def agreements_in(municipality: Municipality, user: User) -> AgreementQuerySet:
    """Hers here: the municipality's own, and those of a partnership it takes part in next door."""
    parties = PartnershipParty.objects.filter(partnership=OuterRef("partnership")).taking_part()
    here = Exists(parties.filter(party_municipality=municipality))
    return Agreement.objects.visible_to(user).filter(Q(municipality=municipality) | here)


def in_state(found: AgreementQuerySet, state: State, today: date) -> AgreementQuerySet:
    """What runs out first comes first; what has no end comes after, what is under way then, and what is over
    last."""
    if state == State.RUNNING:
        found = found.holding(today).exclude(ends_on__lt=today - LATELY)
    elif state == State.ENDING:
        found = ending(found, today)
    elif state == State.UNDER_WAY:
        return found.filter(state__in=NOT_YET).order_by("-updated_at", "-pk")
    elif state == State.PAST:
        over = Q(state__in=OVER) & ~Q(state=AgreementState.REPLACED, ended_on__gte=today)
        over |= Q(state=AgreementState.ACTIVE, ends_on__lt=today)
        return found.filter(over).order_by(F("ends_on").desc(nulls_last=True), "title_key", "pk")
    rank = Case(
        When(state=AgreementState.ACTIVE, then=Value(0)),
        When(state__in=NOT_YET, then=Value(1)),
        default=Value(2),
        output_field=IntegerField(),
    )
    return found.order_by(rank, F("ends_on").asc(nulls_last=True), "title_key", "pk")


def ending(found: AgreementQuerySet, today: date) -> AgreementQuerySet:
    return found.running().filter(ends_on__gte=today, ends_on__lte=today + SOON)


def matching(found: AgreementQuerySet, *, q: str = "", kind: str = "") -> AgreementQuerySet:
    """Every word of `q` stands somewhere in the title, in a party's name, or in what the agreement says, in
    bokmål or nynorsk."""
    for word in sort_key(q).split():
        here = "|".join(map(re.escape, both_forms(word)))
        parties = AgreementParty.objects.filter(agreement=OuterRef("pk")).filter(
            Q(unit__name_key__regex=here)
            | Q(centre__name_key__regex=here)
            | Q(organisation__name_key__regex=here)
        )
        sections = AgreementSection.objects.filter(
            agreement=OuterRef("pk"), left_out_because="", search_key__regex=here
        )
        # With the values in it, as it was sent and signed.
        frozen = FrozenDocument.objects.filter(
            envelope__agreement=OuterRef("pk"), search_key__regex=here
        ).exclude(envelope__state__in=FAILED)
        found = found.filter(Q(title_key__regex=here) | Exists(parties) | Exists(sections) | Exists(frozen))
    return found.filter(kind=kind) if kind else found


def rows(found: Any, today: date) -> list[dict[str, Any]]:
    """For the list: plain words. One query. Whoever sees a personal one may know whom it is with
    (`visible_to`), and has many by the same name."""
    kinds, url = labels_of(AgreementKind), address_of("agreement")
    shown = found.only(
        "title", "kind", "state", "starts_on", "ends_on", "ended_on", "notice_days", "remind_on"
    )
    return [
        {
            "url": url(row.pk),
            "title": row.title,
            "parties": ", ".join(filter(None, (row.whose, *row.names))),
            "kind": kinds[row.kind],
            "tag": state_tag(row, today),
        }
        for row in shown.annotate(names=party_names_at("pk"), whose=F("person__name"))
    ]


def export_rows(found: Any) -> tuple[list[str], list[list[Cell]]]:
    """Headings and lines for a file. One query."""
    kinds, states = labels_of(AgreementKind), labels_of(AgreementState)
    columns = [
        *(_("Avtale"), _("Mellom"), _("Slag"), _("Status")),
        *(_("Signert"), _("Gjelder fra"), _("Gjelder til"), _("Avsluttet")),
        *(_("Saksnummer"), _("Tilgangskode"), _("Hjemmel")),
    ]
    rows: list[list[Cell]] = [
        [
            *(
                row.title,
                ", ".join(row.names),
                kinds[row.kind],
                states[row.state],
            ),
            *(row.signed_on, row.starts_on, row.ends_on, row.ended_on),
            *(row.case_number, row.access_code, row.legal_basis),
        ]
        for row in found.annotate(names=party_names_at("pk"))
    ]
    return columns, rows


def state_tag(agreement: Agreement, today: date) -> dict[str, str]:
    """How it stands, in words and a colour that says the same."""
    if agreement.state in NOT_YET:
        color = "warning" if agreement.state == AgreementState.DECLINED else "info"
        return {"text": agreement.get_state_display(), "color": color}
    if agreement.holds_until_replaced(today):
        return {"text": until_replaced(agreement), "color": "success"}
    if agreement.ended_on is not None:
        text = _over_words()[AgreementState(agreement.state)]
        color = "danger" if agreement.state == AgreementState.WITHDRAWN else "neutral"
        return {"text": text % {"day": _day(agreement.ended_on)}, "color": color}
    if agreement.starts_on is not None and agreement.starts_on > today:
        return {"text": _("Gjelder fra %(day)s") % {"day": _day(agreement.starts_on)}, "color": "info"}
    if agreement.ends_on is None:
        return {"text": _("Gjelder til noen avslutter den"), "color": "success"}
    day = _day(agreement.ends_on)
    if agreement.ends_on < today:
        return {"text": _("Gikk ut %(day)s") % {"day": day}, "color": "danger"}
    if agreement.tell_on and agreement.tell_on <= today:
        return {"text": _("Går ut %(day)s") % {"day": day}, "color": "warning"}
    return {"text": _("Gjelder til %(day)s") % {"day": day}, "color": "success"}


def until_replaced(agreement: Agreement) -> str:
    assert agreement.ended_on is not None  # noqa: S101 - agreement_over_has_day holds
    return _("Gjelder til %(day)s, så tar en ny over") % {"day": _day(agreement.ended_on)}


def _over_words() -> dict[AgreementState, str]:
    return {
        AgreementState.ENDED: _("Avsluttet %(day)s"),
        AgreementState.REPLACED: _("Erstattet, siste dag %(day)s"),
        AgreementState.WITHDRAWN: _("Trukket tilbake %(day)s"),
    }


def party_names(agreement: Agreement) -> list[str]:
    return [party.actor.name for party in agreement.parties.all()]


def party_names_at(path: str) -> ArraySubquery:
    """The same as a list, worked out by the database: `path` leads from the row to its agreement."""
    parties = AgreementParty.objects.filter(agreement=OuterRef(path)).order_by("pk")
    return ArraySubquery(parties.values(name=Coalesce("unit__name", "centre__name", "organisation__name")))


def _day(day: date) -> str:
    return formats.date_format(day, "SHORT_DATE_FORMAT")
