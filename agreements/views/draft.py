"""Drafts: begun, read as they stand, worded, shared, and seen as a PDF."""

from collections.abc import Sequence

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from agreements.forms.draft import StartForm
from agreements.models import Agreement
from agreements.models.agreement import AgreementState
from agreements.preview import preview_of
from agreements.selectors.draft import (
    draft_of,
    steps_of,
    with_content,
)
from agreements.selectors.side import others_than
from agreements.selectors.text import key_for, texts_for
from agreements.services.draft import (
    agreement_start,
    draft_share,
)
from agreements.views.agreement import crumbs, here, own_side
from partnerships.access import access_of, get_for
from partnerships.current import user_of
from partnerships.models import Partnership, Person
from partnerships.selectors.actor_names import Actor, actor_names
from partnerships.selectors.words import language_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import ContentTemplate
from samskaping.core.pdf import PdfRefused
from samskaping.press.keeper import PressAway


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """`?samarbeid=12` is the partnership it is for: then one press is enough. A volunteer's page says who
    and what kind: `?person=12&slag=confidentiality`."""
    municipality, user = here(request, Permission.AGREEMENT_DRAFT), user_of(request)
    asked = _asked_for(request)
    town = asked.municipality if asked is not None else municipality
    texts = texts_for(town, user)
    form = StartForm(
        request.POST or None,
        texts=texts,
        chosen=_of_kind(request, texts) or key_for(asked, texts),
        person=request.GET.get("person", ""),
        language=language_of(town),
        actors=actor_names(town),
        own=[] if asked is not None else own_side(request),
        partnerships=Partnership.objects.worked_in_by(user)
        .filter(municipality=town)
        .only("title", "municipality"),
        asked=asked,
        people=Person.objects.reached_by(user, Permission.VOLUNTEER_NAMES).filter(municipality=town),
    )
    if request.method == "POST" and form.is_valid():
        chosen = form.cleaned_data
        try:
            agreement = agreement_start(
                municipality=town,
                template=form.template,
                language=chosen["language"],
                partnership=chosen["partnership"],
                parties=_between(request, form),
                person=chosen["person"],
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("agreement_draft", pk=agreement.pk)
    context = {"form": form, "asked": asked, "breadcrumbs": crumbs((_("Lag en avtale"), ""))}
    return render(request, "agreements/draft/start.html", context)


def _of_kind(request: HttpRequest, texts: Sequence[ContentTemplate]) -> str:
    """The first text of the kind that was asked for; empty where there is none."""
    kind = request.GET.get("slag", "")
    return next((text.key for text in texts if text.data["agreement_kind"] == kind), "")


@login_required
@require_safe
def draft(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = get_for(
        user_of(request), Permission.AGREEMENT_DRAFT, with_content(Agreement.objects.all()), pk=pk
    )
    if agreement.state != AgreementState.DRAFT:
        return redirect("agreement", pk=pk)
    found = draft_of(agreement, user_of(request))
    tags = [{"text": _("Utkast"), "color": "info"}]
    if not found.writes:
        tags.append({"text": _("Delt med partene"), "color": "neutral"})
    context = {
        "draft": found,
        "agreement": agreement,
        "tags": tags,
        "actions": [
            {
                "label": _("Parter og datoer"),
                "url": reverse("agreement_edit", args=[pk]),
                "variant": "secondary",
            },
            {
                "label": _("Se som PDF"),
                "url": reverse("agreement_preview", args=[pk]),
                "variant": "secondary",
            },
            {"label": _("Send til signering"), "url": reverse("envelope_set_up", args=[pk])},
        ],
        "may_share": found.writes and bool(others_than(agreement, agreement.side_id)),
        "breadcrumbs": crumbs((agreement.title, "")),
    }
    return render(request, "agreements/draft/page.html", context)


@login_required
@require_safe
def preview(request: HttpRequest, pk: int) -> HttpResponse:
    """As it would be printed now, with what is missing said in it."""
    agreement = writable(request, pk)
    try:
        content = preview_of(agreement)
    except (PdfRefused, PressAway):
        messages.error(request, _("Vi klarte ikke å lage PDF-en nå. Prøv igjen om litt."))
        return redirect("agreement_draft", pk=pk)
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="utkast.pdf"'
    return response


@login_required
@require_safe
def versions(request: HttpRequest, pk: int) -> HttpResponse:
    """How each section came to be worded as it is, and what became of each suggestion."""
    agreement = writable(request, pk)
    answered = agreement.suggestions.exclude(state="open").select_related("section").order_by("-answered_at")
    names = {party.pk: party.actor.name for party in agreement.parties.all()}
    context = {
        "agreement": agreement,
        "changed": steps_of(agreement),
        "answered": [
            {
                "row": row,
                "party": names.get(row.party_id, ""),
                "answered": names.get(row.answered_party_id or 0, ""),
            }
            for row in answered
        ],
        "breadcrumbs": under(agreement, _("Versjoner")),
    }
    return render(request, "agreements/draft/versions.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def share(request: HttpRequest, pk: int) -> HttpResponse:
    agreement = writable(request, pk)
    if request.method == "POST":
        try:
            draft_share(agreement=agreement, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("De andre partene ser nå utkastet, og kan foreslå endringer."))
        return redirect("agreement_draft", pk=pk)
    others = ", ".join(party.actor.name for party in others_than(agreement, agreement.side_id))
    context = {
        "title": _("Dele utkastet med de andre partene?"),
        "text": _("%(others)s får lese og foreslå endringer.") % {"others": others},
        "consequences": [
            _("Etterpå kan ingen endre teksten alene: Alle foreslår, og en annen part svarer."),
            _("Tomme felter kan fylles ut etterpå."),
        ],
        "action": _("Del utkastet"),
        "cancel_url": reverse("agreement_draft", args=[pk]),
    }
    return render(request, "confirm.html", context)


# --- What these have in common ------------------------------------------------------------------------------
def writable(request: HttpRequest, pk: int) -> Agreement:
    """A draft she may write in, or suggest for. Raises Http404 for one that is sent or over."""
    rows = with_content(Agreement.objects.filter(state=AgreementState.DRAFT))
    return get_for(user_of(request), Permission.AGREEMENT_DRAFT, rows, pk=pk)


def under(agreement: Agreement, *last: str) -> list[tuple[str, str]]:
    page = (agreement.title, reverse("agreement_draft", args=[agreement.pk]))
    return crumbs(page, *((text, "") for text in last))


def _between(request: HttpRequest, form: StartForm) -> Sequence[Actor | str]:
    """A partnership brings its parties; a personal one is between her and the side that asks."""
    if form.cleaned_data["person"]:
        return form.parties() or own_side(request)
    return () if form.cleaned_data["partnership"] else form.parties()


def _asked_for(request: HttpRequest) -> Partnership | None:
    """One she may draft for; something else in the address is as if nothing stood there."""
    typed = request.GET.get("samarbeid", "")
    if not (typed.isascii() and typed.isdigit() and len(typed) < 10):
        return None
    user = user_of(request)
    rows = Partnership.objects.worked_in_by(user).select_related("municipality__settings")
    found = rows.filter(pk=typed).first()
    return found if found and access_of(user).covers(Permission.AGREEMENT_DRAFT, found) else None
