"""A signing seen from the sides: who is asked, how it goes, and what can be done about it."""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms.envelope import COPY, AskedForm, EnvelopeForm, VoidForm
from agreements.freezing import freeze
from agreements.models import Agreement, Envelope, Signatory
from agreements.models.agreement import AgreementState
from agreements.models.envelope import OPEN, EnvelopeState, Floor
from agreements.selectors.draft import party_of, with_content
from agreements.selectors.envelope import (
    Candidate,
    asked_in,
    candidates,
    draft_envelope,
    envelope_now,
    story_of,
)
from agreements.selectors.side import may_witness, speaking
from agreements.services.envelope import (
    Asked,
    agreement_redraft,
    envelope_prepare,
    envelope_send,
    envelope_void,
)
from agreements.services.signatory import signatory_remind
from agreements.views.agreement import crumbs
from partnerships.access import access_of, get_for, get_visible
from partnerships.current import user_of
from partnerships.models import Person
from partnerships.services.editing import unchanged_since
from partnerships.services.person import person_add
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.pdf import PdfRefused
from samskaping.core.views.files import file_response
from samskaping.press.keeper import PressAway

EMPTY_ROWS = 2


@login_required
@require_safe
def envelope(request: HttpRequest, pk: int) -> HttpResponse:
    """How it goes, for both sides alike. Who may send sees what she can do."""
    user = user_of(request)
    found = get_visible(user, with_content(Agreement.objects.all()), pk=pk)
    may_send = access_of(user).covers(Permission.AGREEMENT_DRAFT, found)
    sent = envelope_now(found)
    if sent is None or sent.state == EnvelopeState.DRAFT:
        if may_send and found.state == AgreementState.DRAFT:
            return redirect("envelope_set_up", pk=pk)
        raise Http404
    rows = asked_in(sent)
    witnesses = may_witness(user, found)
    for row in rows:
        row["may_witness"] = may_send and witnesses(row["signatory"])
    context = {
        **about(found, _("Signering")),
        "envelope": sent,
        "rows": rows,
        "story": story_of(sent),
        "is_open": sent.state in OPEN,
        "may_send": may_send,
        "may_redraft": may_send and found.state == AgreementState.DECLINED,
    }
    return render(request, "agreements/envelope/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def envelope_set_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Who signs for whom. Saved, it can be looked over; sent, the agreement cannot be changed any more."""
    found = _sendable(request, pk)
    if found.state != AgreementState.DRAFT:
        return redirect("envelope", pk=pk)
    before = draft_envelope(found)
    form, rows = _forms(request, found, before)
    # All of them, so that all that is wrong shows at once.
    if request.method == "POST" and all([form.is_valid(), *(row.is_valid() for row in rows)]):
        given = form.cleaned_data
        try:
            # Both or nothing: nobody is noted down who does not stand on the list.
            with transaction.atomic():
                prepared = envelope_prepare(
                    agreement=found,
                    asked=[_asked(request, found, row) for row in rows if row.is_used],
                    in_order=given["in_order"],
                    deadline=given["deadline"],
                    message=given["message"],
                    by=user_of(request),
                )
            if "send" in request.POST:
                _send(request, prepared, given["version"])
                messages.success(request, _("Avtalen er sendt. Alle som er spurt, får beskjed."))
                return redirect("envelope", pk=pk)
        except (DomainError, PdfRefused) as error:
            form.add_error(None, str(error.sentence))
        except PressAway:
            form.add_error(None, _("Vi får ikke laget PDF-en akkurat nå. Prøv igjen om litt."))
        else:
            messages.success(request, _("Lagret. Ingenting er sendt ennå."))
            return redirect("envelope_set_up", pk=pk)
    context = {
        **about(found, _("Send til signering")),
        "form": form,
        "rows": rows[:-EMPTY_ROWS],
        "spare": rows[-EMPTY_ROWS:],
        "spare_open": request.method == "POST",
    }
    return render(request, "agreements/envelope/set_up.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def envelope_call_back(request: HttpRequest, pk: int) -> HttpResponse:
    found = _sendable(request, pk)
    sent = _open(found)
    form = VoidForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            envelope_void(envelope=sent, because=form.cleaned_data["because"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(
                request, _("Avtalen er trukket tilbake og er et utkast igjen. Alle får vite det.")
            )
            return redirect("agreement", pk=pk)
    context = {**about(found, _("Trekk tilbake fra signering")), "form": form}
    return render(request, "agreements/agreement/form.html", context)


@login_required
@require_POST
def envelope_redraft(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(
        request,
        lambda: agreement_redraft(agreement=_sendable(request, pk), by=user_of(request)),
        _("Avtalen er et utkast igjen."),
        "agreement",
        pk,
    )


@login_required
@require_POST
def envelope_remind(request: HttpRequest, pk: int, number: int) -> HttpResponse:
    asked = one_asked(request, pk, number)
    return _do(
        request,
        lambda: signatory_remind(signatory=asked, by=user_of(request)),
        _("Påminnelsen er på vei."),
        "envelope",
        pk,
    )


@login_required
@require_safe
def envelope_pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The document as it was sent, to print for those who sign on paper."""
    found = get_visible(user_of(request), Agreement, pk=pk)
    sent = envelope_now(found)
    if sent is None or sent.state == EnvelopeState.DRAFT:
        raise Http404
    return file_response(sent.document.file)


# --- What the views share -----------------------------------------------------------------------------------
def _sendable(request: HttpRequest, pk: int) -> Agreement:
    rows = with_content(Agreement.objects.all())
    return get_for(user_of(request), Permission.AGREEMENT_DRAFT, rows, pk=pk)


def _open(found: Agreement) -> Envelope:
    sent = envelope_now(found)
    if sent is None or sent.state not in OPEN:
        raise Http404
    return sent


def one_asked(request: HttpRequest, pk: int, number: int) -> Signatory:
    """Somebody who is asked to sign, of the sending that is under way."""
    found = _sendable(request, pk)
    rows = Signatory.objects.filter(envelope=_open(found), copy_only=False).select_related(
        "person", "municipality", "party__unit", "party__centre", "party__organisation",
        "envelope__document__municipality__settings", "envelope__agreement__municipality__settings",
    )  # fmt: skip
    one = rows.filter(pk=number).first()
    if one is None:
        raise Http404
    return one


def _forms(
    request: HttpRequest, found: Agreement, before: Envelope | None
) -> tuple[EnvelopeForm, list[AskedForm]]:
    """What stands, or one row for each side with whoever leads it; and some empty ones."""
    data = request.POST or None
    people, parties = candidates(found), list(found.parties.all())
    hers = speaking(found, user_of(request))
    if before is not None:
        initial = {name: getattr(before, name) for name in ("in_order", "deadline", "message")}
        rows = [_initial(one) for one in before.signatories.select_related("person").order_by("number", "pk")]
        people += [
            Candidate(one.person, one.party, one.role)
            for one in before.signatories.select_related("person", "party")
        ]
    else:
        initial = {}
        rows = [] if found.person is None else [{"side": "self", "person": found.person.pk}]
        for party in parties:
            first = next((one for one in people if one.party == party), None)
            rows.append(
                {
                    "side": party.pk,
                    "person": first.person.pk if first else "",
                    "role": first.role if first else "",
                }
            )
    # Without script the page has to know beforehand how many rows there may be.
    forms_made = [
        AskedForm(
            data,
            prefix=f"s{number}",
            initial=rows[number] if number < len(rows) else {},
            parties=parties,
            people=people,
            may_name=hers.own | hers.behalf,
            legend=_("Den som signerer") if number < len(rows) else _("Flere?"),
        )
        for number in range(len(rows) + EMPTY_ROWS)
    ]
    return EnvelopeForm(data, initial={**initial, "version": found.version}), forms_made


def _initial(one: Signatory) -> dict[str, Any]:
    side = COPY if one.copy_only else one.party_id or "self"
    return {
        "side": side, "person": one.person_id, "role": one.role, "number": one.number, "floor": one.floor
    }  # fmt: skip


def _asked(request: HttpRequest, found: Agreement, row: AskedForm) -> Asked:
    given = row.cleaned_data
    person: Person | None = row.known
    if person is None:
        # Somebody for no side is kept by the side that asks her.
        side = row.party or party_of(found, user_of(request))
        actor = side.actor if side is not None else None
        person = person_add(
            municipality=actor.municipality if actor is not None else found.municipality,
            side=actor,
            name=" ".join(given["name"].split()),
            email=given["email"],
            phone=given["phone"],
            by=user_of(request),
        )
    return Asked(
        person=person,
        role=row.role_or_known,
        party=row.party,
        number=given["number"],
        floor=Floor(given["floor"]),
        copy_only=given["side"] == COPY,
    )


def _send(request: HttpRequest, prepared: Envelope, version: int) -> None:
    """Read anew: the list of who signs stands on paper, too. Preparing has locked the draft until it is sent.

    Raises ChangedMeanwhile when it is another than she has read.
    """
    unchanged_since(prepared.agreement, version)
    found = _sendable(request, prepared.agreement_id)
    envelope_send(envelope=prepared, frozen=freeze(found), by=user_of(request))


def _do(request: HttpRequest, act: Callable[[], Any], said: str, name: str, pk: int) -> HttpResponse:
    try:
        act()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, said)
    return redirect(name, pk=pk)


def about(found: Agreement, title: str) -> dict[str, Any]:
    above = (found.title, reverse("agreement", args=[found.pk]))
    return {"agreement": found, "title": title, "breadcrumbs": crumbs(above, (title, ""))}
