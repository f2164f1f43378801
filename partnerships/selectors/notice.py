"""«Sendt og kommer»: the notices staff see, and what they say, in the words of whoever reads."""

from enum import StrEnum
from typing import Any

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone, translation
from django.utils.translation import gettext_lazy as _

from partnerships.due import Words, due_sources, shown_words, source_of
from partnerships.models import Notice
from partnerships.models.notice import OPEN, NoticeState
from partnerships.selectors.absence import people_away
from samskaping.accounts.models import User
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class Tab(StrEnum):
    COMING = "kommer"
    SENT = "sendt"
    FAILED = "feilet"


TAB_LABELS = {Tab.COMING: _("Kommer"), Tab.SENT: _("Sendt"), Tab.FAILED: _("Kom ikke fram")}
_STATES: dict[Tab, tuple[NoticeState, ...]] = {
    Tab.COMING: OPEN,
    Tab.SENT: (NoticeState.SENT, NoticeState.DROPPED),
    Tab.FAILED: (NoticeState.FAILED,),
}
COLOURS = {
    NoticeState.COMING: "info",
    NoticeState.LISTED: "warning",
    NoticeState.QUEUED: "info",
    NoticeState.SENT: "success",
    NoticeState.DROPPED: "neutral",
    NoticeState.FAILED: "danger",
}
PROBLEMS = {
    "no_address": _("Vi har ingen adresse som virker."),
    "email_refused": _("E-postadressen finnes ikke, eller tar ikke imot."),
    "phone_refused": _("Nummeret finnes ikke, eller tar ikke imot SMS."),
    "stopped": _("Stoppet før den ble sendt."),
}


def notices_shown(user: User, municipality: Municipality) -> QuerySet[Notice]:
    """Those to people she answers for there, with what a row shows joined in."""
    same = Notice.objects.filter(
        kind=OuterRef("kind"), object_type=OuterRef("object_type"), object_id=OuterRef("object_id"),
        due_on=OuterRef("due_on"), person=OuterRef("person"),
    )  # fmt: skip
    return (
        Notice.objects.visible_to(user)
        .filter(municipality=municipality)
        .annotate(
            told_otherwise=Exists(same.exclude(channel=OuterRef("channel")).exclude(state="failed")),
            is_away=Exists(people_away(timezone.localdate())),
        )
        .select_related("person")
    )


def on_tab(found: QuerySet[Notice], tab: Tab) -> QuerySet[Notice]:
    chosen = found.filter(state__in=_STATES[tab])
    if tab == Tab.COMING:
        return chosen.order_by("tell_on", "pk")
    return chosen.order_by(F("done_at").desc(), "-pk")


def matching(found: QuerySet[Notice], *, q: str = "", kind: str = "", channel: str = "") -> QuerySet[Notice]:
    """Every word of `q` begins a word in the receiver's name."""
    for word in sort_key(q).split():
        found = found.filter(Q(person__name_key__startswith=word) | Q(person__name_key__contains=f" {word}"))
    if kind:
        found = found.filter(kind=kind)
    return found.filter(channel=channel) if channel else found


def kind_label(kind: str) -> str:
    """What staff call this sort; a plain word for one that another version of the portal made."""
    source = source_of(kind)
    return str(source.label) if source else str(_("Beskjed"))


def kind_choices() -> list[tuple[str, str]]:
    return sorted(((s.kind, str(s.label)) for s in due_sources()), key=lambda pair: sort_key(pair[1]))


def problem_words(problem: str) -> str:
    """Why it did not arrive. What a server answered stays in the operators' log."""
    if not problem:
        return ""
    return str(PROBLEMS.get(problem, _("Mottakerens tjeneste svarte ikke. Prøv igjen, eller ring.")))


def says(notice: Notice) -> Words | None:
    """What it says, in the receiver's language; None when there is no reason to tell of it any more."""
    source = source_of(notice.kind)
    about: Any = source.about(notice) if source else None
    if source is None or about is None:
        return None
    with translation.override(notice.person.language):
        return shown_words(source, notice, about)
