"""The register of agreements, and the page of one."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.forms.agreement import AgreementForm, AgreementsFilter, EndForm, FileForm, RegisterForm
from agreements.models import Agreement
from agreements.models.agreement import AgreementState
from agreements.models.envelope import EnvelopeState
from agreements.selectors.agreement import (
    State,
    agreements_in,
    in_state,
    matching,
    party_names,
    rows,
    state_tag,
)
from agreements.selectors.batch import may_batch
from agreements.selectors.envelope import envelope_now
from agreements.selectors.life import life_of
from agreements.selectors.side import for_the_town
from agreements.services.agreement import (
    Upload,
    agreement_change,
    agreement_change_file,
    agreement_end,
    agreement_register,
    agreement_resume,
)
from partnerships.access import access_of, get_for, get_visible, require
from partnerships.current import current_membership, current_municipality, user_of
from partnerships.models import Partnership
from partnerships.selectors.actor_names import Actor, actor_names
from partnerships.selectors.history import history_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.listing import active_filters
from samskaping.core.models import Municipality
from samskaping.core.services.stored_file import MAX_PDF

PER_PAGE = 50


def here(request: HttpRequest, permission: Permission) -> Municipality:
    """Where she works now, if she may do this there. Raises PermissionDenied."""
    municipality = current_municipality(request)
    if municipality is None:
        raise PermissionDenied
    require(request.user, permission, municipality_id=municipality.pk)
    return municipality


def may_set_rules(request: HttpRequest, municipality: Municipality) -> bool:
    """They hold for the whole municipality, and so are for those who answer for all of it."""
    return municipality.pk in access_of(user_of(request)).municipalities_all(Permission.SETTINGS_EDIT)


@login_required
@require_safe
def agreements(request: HttpRequest) -> HttpResponse:
    municipality, today = here(request, Permission.PARTNERSHIP_READ), timezone.localdate()
    user = user_of(request)
    form = AgreementsFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    found = in_state(agreements_in(municipality, user), State(chosen.get("vis", "")), today)
    found = matching(found, q=chosen.get("q", ""), kind=chosen.get("kind", ""))
    page = Paginator(found, PER_PAGE).get_page(request.GET.get("page"))
    count = page.paginator.count
    may_register = access_of(user).may(Permission.AGREEMENT_DRAFT, municipality_id=municipality.pk)
    register = {
        "label": _("Registrer en avtale"),
        "url": reverse("agreement_register"),
        "variant": "secondary",
    }
    begin = {"label": _("Lag en avtale"), "url": reverse("agreement_start")}
    context = {
        "page_obj": page,
        "rows": rows(page.object_list, today),
        "filter_form": form,
        "chips": active_filters(form, request.GET),
        "count": ngettext("%(count)s avtale", "%(count)s avtaler", count) % {"count": count},
        "actions": [register, begin] if may_register else [],
        "batches_url": reverse("batches") if may_batch(current_membership(request)) else "",
        "export_query": _query(request)
        if access_of(user).may(Permission.EXPORT_ROWS, municipality_id=municipality.pk)
        else None,
        "rules_url": reverse("signing_rules") if may_set_rules(request, municipality) else "",
        "texts_url": reverse("agreement_texts") if may_register else "",
        "register_url": register["url"] if may_register else "",
    }
    return render(request, "agreements/agreement/list.html", context)


def _query(request: HttpRequest) -> str:
    query = request.GET.copy()
    query.pop("page", None)
    return query.urlencode()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def register(request: HttpRequest) -> HttpResponse:
    municipality, user = here(request, Permission.AGREEMENT_DRAFT), user_of(request)
    form = RegisterForm(
        request.POST or None,
        request.FILES or None,
        actors=actor_names(municipality),
        own=own_side(request),
        partnerships=_partnerships(request, municipality),
    )
    if request.method == "POST" and form.is_valid():
        try:
            agreement = agreement_register(
                municipality=municipality,
                facts=form.facts(),
                parties=form.parties(),
                upload=uploaded(form),
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Avtalen er registrert. Vi sier fra i god tid før den går ut."))
            return redirect("agreement", pk=agreement.pk)
    context = {"form": form, "breadcrumbs": crumbs((_("Registrer en avtale"), ""))}
    return render(request, "agreements/agreement/register.html", context)


@login_required
@require_safe
def agreement(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    joined = ("partnership", "person", "file", "municipality__settings")
    rows = Agreement.objects.with_parties().select_related(*joined)
    found = get_visible(user, rows.defer("file__content"), pk=pk)
    may_edit = access_of(user).covers(Permission.AGREEMENT_DRAFT, found)
    if may_edit and found.state == AgreementState.DRAFT:
        return redirect("agreement_draft", pk=pk)
    sent = envelope_now(found)
    context = {
        "agreement": found,
        "was_sent": sent is not None and sent.state != EnvelopeState.DRAFT,
        "parties": party_names(found),
        "partnership": Partnership.objects.visible_to(user).filter(pk=found.partnership_id or 0).first(),
        "tags": [state_tag(found, timezone.localdate())],
        "may_edit": may_edit,
        "life": life_of(found, user, timezone.localdate(), may_edit=may_edit),
        "actions": [
            {
                "label": _("Endre"),
                "url": reverse("agreement_edit", args=[found.pk]),
                "variant": "secondary",
            }
        ]
        if may_edit
        else [],
        "history": history_of(found, user) if may_edit else None,
        "breadcrumbs": crumbs((found.title, "")),
    }
    return render(request, "agreements/agreement/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, user = _editable(request, pk), user_of(request)
    form = AgreementForm(
        request.POST or None,
        agreement=found,
        actors=actor_names(found.municipality),
        partnerships=_partnerships(request, found.municipality),
        for_the_town=for_the_town(found, user),
    )
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.saved_by(
                lambda version: agreement_change(
                    agreement=found,
                    version=version,
                    changes=form.facts(),
                    parties=form.parties(),
                    by=user,
                ),
                user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if saved:
                messages.success(request, _("Avtalen er lagret."))
                return redirect("agreement", pk=pk)
    return _small(request, found, form, _("Endre avtalen"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def file(request: HttpRequest, pk: int) -> HttpResponse:
    found = _editable(request, pk)
    form = FileForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = uploaded(form)
        assert upload is not None  # noqa: S101 - the field is required
        try:
            agreement_change_file(agreement=found, upload=upload, by=user_of(request))
        except DomainError as error:
            form.add_error("file", str(error.sentence))
        else:
            messages.success(request, _("PDF-en er på plass."))
            return redirect("agreement", pk=pk)
    lead = _("Den nye filen kommer i stedet for den som ligger her, som da slettes.") if found.file_id else ""
    return _small(request, found, form, _("Bytt PDF") if found.file_id else _("Legg ved PDF"), lead)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, pk: int) -> HttpResponse:
    found = _editable(request, pk)
    form = EndForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            agreement_end(agreement=found, on=form.cleaned_data["on"], by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Avtalen er avsluttet, og de andre partene får vite det."))
            return redirect("agreement", pk=pk)
    lead = _("Den blir stående under «Gått ut eller avsluttet». De andre partene får vite det.")
    return _small(request, found, form, _("Avslutt avtalen før tiden"), lead)


@login_required
@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        agreement_resume(agreement=_editable(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("Avtalen gjelder igjen."))
    return redirect("agreement", pk=pk)


def uploaded(form: Any) -> Upload | None:
    """One byte past the limit is enough to know that it is too large."""
    sent = form.cleaned_data.get("file")
    return Upload(sent.name, sent.read(MAX_PDF + 1)) if sent else None


def _editable(request: HttpRequest, pk: int) -> Agreement:
    rows = Agreement.objects.select_related("partnership", "municipality__settings")
    return get_for(user_of(request), Permission.AGREEMENT_DRAFT, rows, pk=pk)


def own_side(request: HttpRequest) -> list[Actor]:
    """The side she is on now stands there already."""
    membership = current_membership(request)
    sides = (membership.unit, membership.centre, membership.organisation) if membership else ()
    return [side for side in sides if side is not None]


def _partnerships(request: HttpRequest, municipality: Municipality) -> QuerySet[Partnership]:
    here = Partnership.objects.worked_in_by(user_of(request)).filter(municipality=municipality)
    # Some hundreds to choose from, of which the names are shown.
    return here.only("title", "municipality")


def _small(request: HttpRequest, found: Agreement, form: Any, title: str, lead: str = "") -> HttpResponse:
    """A page with one form about one agreement."""
    above = (found.title, reverse("agreement", args=[found.pk]))
    context = {
        "agreement": found,
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumbs": crumbs(above, (title, "")),
    }
    return render(request, "agreements/agreement/form.html", context)


def crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Avtaler"), reverse("agreements")), *last]
