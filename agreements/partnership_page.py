"""Agreements on a partnership's page: what is signed, what is written, and how to begin."""

from collections.abc import Iterator
from typing import Any

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from agreements.models import Agreement
from agreements.models.agreement import OVER, PERSONAL_KINDS, AgreementState
from agreements.selectors.agreement import state_tag
from agreements.selectors.side import own_of
from partnerships.access import access_of
from partnerships.asked import HERE, Asked
from partnerships.models import Partnership
from partnerships.models.partnership import Phase, Track
from partnerships.page import NextStep, Section, asks, next_steps_from, section
from partnerships.selectors.partnership import works_in
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer

SHOWN = 6

AGREEMENTS = Asked(
    lambda: (
        Agreement.objects.filter(partnership=HERE)
        .exclude(kind__in=PERSONAL_KINDS)
        .exclude(state__in=OVER)
        .select_related("side")
        .only(
            *("municipality", "title", "state", "shared_at", "starts_on"),
            *("ends_on", "ended_on", "notice_days", "remind_on"),
            *("side__unit", "side__centre", "side__organisation"),
        )
        .order_by("-pk")
    ),
    shown_to=works_in,
)


def register() -> None:
    asks(AGREEMENTS)
    next_steps_from("agreements", steps)
    section(Section("agreements", 25, "agreements/_section.html", shown, aside=True))


def steps(partnership: Partnership, viewer: Viewer) -> Iterator[NextStep]:
    """A full partnership in operation has one; a small one is told nothing."""
    wants = partnership.track == Track.FULL and partnership.phase == Phase.OPERATION
    if wants and _may_begin(partnership, viewer) and not AGREEMENTS.of(partnership, viewer):
        yield NextStep(
            tag=_("Avtale"),
            title=_("Lag en avtale"),
            url=_start(partnership),
            note=_("Det meste er fylt ut fra før."),
            order=45,
        )


def shown(partnership: Partnership, viewer: Viewer) -> dict[str, Any] | None:
    # Not so many that they need to be cut before the others' own drafts are taken out.
    rows = [row for row in AGREEMENTS.of(partnership, viewer) if _sees(row, viewer)][:SHOWN]
    may_begin = _may_begin(partnership, viewer)
    if not rows and not may_begin:
        return None
    today = timezone.localdate()
    return {
        "agreements": [
            {"title": row.title, "url": reverse("agreement", args=[row.pk]), "tag": state_tag(row, today)}
            for row in rows
        ],
        "start_url": _start(partnership) if may_begin else "",
    }


def _sees(agreement: Agreement, viewer: Viewer) -> bool:
    """As models/agreement.py's `_shared_or_own`, of rows that are read."""
    if agreement.state != AgreementState.DRAFT or agreement.shared_at is not None:
        return True
    access = access_of(viewer.user)
    side = agreement.side
    if side is not None and access.own(Permission.AGREEMENT_DRAFT).meets(own_of(side)):
        return True
    of_town = side is None or side.unit_id is not None
    return of_town and agreement.municipality_id in access.municipalities_all(Permission.AGREEMENT_DRAFT)


def _may_begin(partnership: Partnership, viewer: Viewer) -> bool:
    is_over = partnership.phase == Phase.ENDED
    return not is_over and access_of(viewer.user).covers(Permission.AGREEMENT_DRAFT, partnership)


def _start(partnership: Partnership) -> str:
    return f"{reverse('agreement_start')}?samarbeid={partnership.pk}"
