"""What the sides of a draft hear, and find on their list: shared, changed, suggested, answered."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from agreements.due_sources import TOLD_WITHIN, leaders, side_of
from agreements.models import Agreement, AgreementParty, Suggestion
from agreements.models.agreement import AgreementState
from agreements.models.draft import SuggestionState
from agreements.selectors.draft import label_of
from partnerships.access import access_of
from partnerships.due import Due, DueSource, Words, due_source
from partnerships.models import Notice, Person
from partnerships.selectors.words import municipality_name
from samskaping.accounts.permissions import Permission, roles_with
from samskaping.core.models import AuditEvent
from samskaping.core.one_query import Question, Row
from samskaping.core.registries import Viewer, WorkItem, work_source
from samskaping.core.templatetags.letters import without_links

ITEMS_SHOWN = 20
_ANSWERED = (SuggestionState.ACCEPTED, SuggestionState.DECLINED)


def register() -> None:
    work_source("agreement_suggestions", _waiting, work_items)
    due_source(
        DueSource(
            kind="agreement_shared",
            label=gettext_lazy("Utkast til avtale er delt"),
            derive=_shared,
            about=_still_shared,
            words=_shared_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_terms_changed",
            label=gettext_lazy("Delt utkast til avtale er endret"),
            derive=_changed,
            about=_still_changed,
            words=_changed_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_suggested",
            label=gettext_lazy("Forslag til ordlyd i en avtale"),
            derive=_suggested,
            about=_still_open,
            words=_suggested_words,
        )
    )
    due_source(
        DueSource(
            kind="agreement_suggestion_answered",
            label=gettext_lazy("Svar på forslag til ordlyd"),
            derive=_answered,
            about=_answered_then,
            words=_answered_words,
        )
    )


# --- On the list of the week ----------------------------------------------------------------------------
def _of_role(viewer: Viewer) -> QuerySet[AgreementParty]:
    """The parties that the role she is in now answers for."""
    membership = viewer.membership
    parties = AgreementParty.objects.all()
    if membership is None or membership.role not in roles_with(Permission.AGREEMENT_DRAFT):
        return parties.none()
    if membership.organisation_id:
        return parties.filter(organisation=membership.organisation_id)
    if membership.centre_id:
        return parties.filter(centre=membership.centre_id)
    if membership.unit_id:
        return parties.filter(unit__in=access_of(viewer.user).own(Permission.AGREEMENT_DRAFT).unit_ids)
    return parties.filter(unit__municipality=membership.municipality_id)


def _waiting(viewer: Viewer) -> Question:
    others = _of_role(viewer).filter(agreement=OuterRef("agreement")).exclude(pk=OuterRef("party"))
    found = Suggestion.objects.filter(
        Exists(others), state=SuggestionState.OPEN, agreement__state=AgreementState.DRAFT
    )
    by_agreement = found.order_by().values("agreement", "agreement__title").annotate(number=Count("pk"))
    return Question(
        by_agreement.order_by("agreement")[:ITEMS_SHOWN],
        pk="agreement",
        title="agreement__title",
        number="number",
    )


def work_items(_viewer: Viewer, rows: Sequence[Row]) -> Iterator[WorkItem]:
    for row in rows:
        number = row["number"]
        note = ngettext("%(number)s forslag til ordlyd", "%(number)s forslag til ordlyd", number)
        yield WorkItem(
            tag=_("Avtale"),
            color="info",
            title=_("%(title)s: svar på det de andre foreslår") % {"title": row["title"]},
            note=note % {"number": number},
            url=reverse("agreement_draft", args=[row["pk"]]),
        )


# --- It was shared, or sent without ------------------------------------------------------------------------
_SENT = (AgreementState.SENT, AgreementState.ACTIVE)


def _shared(day: date) -> Iterator[Due]:
    """One that was never shared is so when it is sent: no side is party to what it has not heard of."""
    since = timezone.localdate() - TOLD_WITHIN
    found = Agreement.objects.filter(_is_told_of(), shared_at__date__gte=since, shared_at__date__lte=day)
    for agreement in _with_sides(found):
        assert agreement.shared_at is not None  # noqa: S101 - filtered
        on = timezone.localdate(agreement.shared_at)
        for person in _people(agreement, [p for p in agreement.parties.all() if p.pk != agreement.side_id]):
            if person.user_id != agreement.created_by_id:
                yield Due(person, agreement, due_on=on, tell_on=on)


def _still_shared(notice: Notice) -> Agreement | None:
    return Agreement.objects.filter(_is_told_of(), pk=notice.object_id).first()


def _is_told_of() -> Q:
    """A personal one is told to whoever signs it."""
    return Q(state=AgreementState.DRAFT) | Q(state__in=_SENT, person=None)


def _shared_words(_notice: Notice, agreement: Agreement) -> Words:
    if agreement.state != AgreementState.DRAFT:
        return Words(
            title=_("En avtale er sendt til signering"),
            lines=(
                _("«%(title)s» er sendt til signering, og dere er part i den.")
                % {"title": without_links(agreement.title)},
                _("Se hvem som signerer for dere, og at det stemmer."),
            ),
            url=reverse("envelope", args=[agreement.pk]),
            link=_("Se avtalen"),
        )
    return Words(
        title=_("Et utkast til avtale er delt med dere"),
        lines=(
            _("«%(title)s» er klar til å leses.") % {"title": without_links(agreement.title)},
            _("Dere kan foreslå en annen ordlyd i hvert punkt. Ingenting blir endret i stillhet."),
        ),
        url=reverse("agreement_draft", args=[agreement.pk]),
        link=_("Les utkastet"),
    )


# --- Changed while it was shared ------------------------------------------------------------------------
# What stands in the agreement beside its sections: no suggestion is made of it, and it changes at once.
_TERMS = {"title", "partnership", "starts_on", "ends_on", "notice_days", "parties"}
_STEPS = ("agreement_changed", "agreement_gap_skipped", "agreement_gap_reopened")
_NOT_SIGNED = (AgreementState.DRAFT, AgreementState.SENT)


@dataclass(frozen=True)
class _Change:
    """One step as the trace has it: whoever made two is told of twice."""

    event: AuditEvent
    agreement: Agreement

    @property
    def terms(self) -> set[str]:
        return _TERMS.intersection(self.event.data.get("fields", ()))

    @property
    def is_told(self) -> bool:
        shared = self.agreement.shared_at
        in_sight = shared is not None and self.event.at > shared and self.agreement.state in _NOT_SIGNED
        return in_sight and (self.event.verb != "agreement_changed" or bool(self.terms))


def _changed(_day: date) -> Iterator[Due]:
    since = timezone.now() - TOLD_WITHIN
    shared = Agreement.objects.filter(
        state__in=_NOT_SIGNED, shared_at__isnull=False, updated_at__gte=since
    ).select_related("municipality")
    by_pk = {str(agreement.pk): agreement for agreement in shared.prefetch_related("parties")}
    for event in _steps().filter(object_id__in=by_pk, at__gte=since).order_by("pk"):
        change = _Change(event, by_pk[event.object_id])
        if change.is_told:
            on, parties = timezone.localdate(event.at), change.agreement.parties.all()
            for person in _people(change.agreement, [p for p in parties if p.pk != event.data.get("party")]):
                if person.user_id != event.actor_id:
                    yield Due(person, event, due_on=on, tell_on=on)


def _steps() -> QuerySet[AuditEvent]:
    return AuditEvent.objects.filter(object_type=Agreement._meta.label_lower, verb__in=_STEPS)


def _still_changed(notice: Notice) -> _Change | None:
    event = _steps().filter(pk=notice.object_id).first()
    rows = Agreement.objects.select_related("municipality__settings").with_parties()
    agreement = rows.filter(pk=event.object_id).first() if event is not None else None
    change = _Change(event, agreement) if event is not None and agreement is not None else None
    return change if change is not None and change.is_told else None


def _changed_words(_notice: Notice, change: _Change) -> Words:
    agreement, event = change.agreement, change.event
    parties = {party.pk: party.actor.name for party in agreement.parties.all()}
    who = parties.get(event.data.get("party")) or municipality_name(agreement.municipality)
    names = {"party": without_links(who), "title": without_links(agreement.title)}
    return Words(
        title=_("Et utkast til avtale er endret"),
        lines=(_("%(party)s endret «%(title)s».") % names, *_how_it_stands(change)),
        url=reverse("agreement", args=[agreement.pk]),
        link=_("Se utkastet"),
    )


def _how_it_stands(change: _Change) -> Iterator[str]:
    agreement, name = change.agreement, change.event.data.get("name", "")
    if change.event.verb == "agreement_gap_skipped":
        yield _("Dette skal stå tomt: %(what)s.") % {"what": without_links(label_of(name, agreement))}
    elif change.event.verb == "agreement_gap_reopened":
        what = without_links(label_of(name, agreement))
        yield _("Dette skal ikke stå tomt lenger: %(what)s.") % {"what": what}
    if "title" in change.terms:
        yield _("Den heter nå «%(title)s».") % {"title": without_links(agreement.title)}
    if "partnership" in change.terms:
        # Which one is for those who take part in it to know.
        yield _("Hvilket samarbeid den hører til, er endret, og dermed det som er fylt ut derfra.")
    if "starts_on" in change.terms:
        yield _("Den gjelder nå fra: %(day)s.") % {"day": _day(agreement.starts_on)}
    if "ends_on" in change.terms:
        yield _("Den gjelder nå til: %(day)s.") % {"day": _day(agreement.ends_on)}
    if "notice_days" in change.terms:
        yield _("Dere blir nå minnet på den %(days)s dager før den går ut.") % {"days": agreement.notice_days}
    if "parties" in change.terms:
        names = ", ".join(party.actor.name for party in agreement.parties.all())
        yield _("Den er nå mellom: %(names)s.") % {"names": without_links(names)}


def _day(day: date | None) -> str:
    return formats.date_format(day, "j. F Y") if day is not None else _("ikke bestemt")


# --- Suggested, and answered ----------------------------------------------------------------------------
def _suggested(day: date) -> Iterator[Due]:
    since = timezone.localdate() - TOLD_WITHIN
    found = _suggestions().filter(
        state=SuggestionState.OPEN,
        agreement__state=AgreementState.DRAFT,
        at__date__gte=since,
        at__date__lte=day,
    )
    for row in found:
        on = timezone.localdate(row.at)
        others = [party for party in row.agreement.parties.all() if party.pk != row.party_id]
        for person in _people(row.agreement, others):
            if person.user_id != row.by_id:
                yield Due(person, row, due_on=on, tell_on=on)


def _still_open(notice: Notice) -> Suggestion | None:
    found: Suggestion | None = (
        _suggestions()
        .filter(pk=notice.object_id, state=SuggestionState.OPEN, agreement__state=AgreementState.DRAFT)
        .first()
    )
    return found


def _suggested_words(_notice: Notice, row: Suggestion) -> Words:
    return Words(
        title=_("Et forslag i en avtale venter på svar"),
        lines=(
            _("%(party)s foreslår en annen ordlyd i «%(title)s».") % _named(row),
            _("Ta det inn, eller si nei med en grunn."),
        ),
        url=reverse("suggestion", args=[row.pk]),
        link=_("Svar på forslaget"),
    )


def _answered(day: date) -> Iterator[Due]:
    since = timezone.localdate() - TOLD_WITHIN
    found = _suggestions().filter(
        state__in=_ANSWERED, answered_at__date__gte=since, answered_at__date__lte=day
    )
    for row in found:
        on = timezone.localdate(row.answered_at)
        for person in _people(row.agreement, [row.party]):
            if person.user_id != row.answered_by_id:
                yield Due(person, row, due_on=on, tell_on=on)


def _answered_then(notice: Notice) -> Suggestion | None:
    found: Suggestion | None = _suggestions().filter(pk=notice.object_id, state__in=_ANSWERED).first()
    return found


def _answered_words(_notice: Notice, row: Suggestion) -> Words:
    if row.state == SuggestionState.ACCEPTED:
        said = _("Forslaget deres i «%(title)s» er tatt inn.")
    else:
        said = _("Forslaget deres i «%(title)s» ble ikke tatt inn.")
    return Words(
        title=_("Dere har fått svar på et forslag"),
        lines=(said % _named(row), *((without_links(row.answer),) if row.answer else ())),
        url=reverse("agreement", args=[row.agreement_id]),
        link=_("Se avtalen"),
    )


# --- Whom it concerns -----------------------------------------------------------------------------------
def _suggestions() -> QuerySet[Any]:
    return Suggestion.objects.select_related(
        "agreement__municipality__settings", "party__unit", "party__centre", "party__organisation"
    ).prefetch_related("agreement__parties")


def _with_sides(found: QuerySet[Agreement]) -> QuerySet[Agreement]:
    return found.select_related("municipality").prefetch_related("parties").order_by("pk")


def _named(row: Suggestion) -> dict[str, str]:
    return {"party": without_links(row.party.actor.name), "title": without_links(row.agreement.title)}


def _people(agreement: Agreement, parties: Iterable[AgreementParty]) -> list[Person]:
    """Who leads each of these sides; a unit's is the coordinators' too."""
    sides = {side_of(party.unit_id, party.centre_id, party.organisation_id) for party in parties}
    municipal = any(name == "unit" for name, _pk in sides)
    found = {
        person.pk: person
        for _town, side, person in leaders({agreement.municipality_id})
        if side in sides or (side is None and municipal)
    }
    return list(found.values())
