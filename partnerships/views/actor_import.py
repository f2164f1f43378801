"""Organisations from a spreadsheet: sending it, looking through the rows, saving them, undoing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.access import get_for
from partnerships.actor_columns import HEADINGS, LABELS
from partnerships.current import user_of
from partnerships.forms.actor_import import ColumnsForm, UploadForm
from partnerships.models import ActorImport
from partnerships.organisation_number import shown_organisation_number
from partnerships.selectors.actor import area_names, category_words
from partnerships.selectors.actor_import import (
    ImportRow,
    imports_here,
    organisations_of,
    rows_of,
    sheet_of,
)
from partnerships.selectors.history_names import Wanted, names_for
from partnerships.services.actor_import import (
    RowsWrong,
    actor_import_columns,
    actor_import_discard,
    actor_import_read,
    actor_import_save,
    actor_import_undo,
)
from partnerships.spreadsheet import MAX_FILE, Sheet
from partnerships.views.actor import crumbs as actor_crumbs
from partnerships.views.actor_list import PER_PAGE, adds_here, works_here
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number

NOTES = {
    "others": gettext_lazy("Filen har flere ark. Vi leste det første, «%(sheet)s»."),
    "hidden": gettext_lazy("Filen har skjulte ark. De er ikke lest."),
    "merged": gettext_lazy(
        "Filen har sammenslåtte celler. Bare den første av dem har innhold, så se ekstra godt over radene."
    ),
}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    municipality, user = works_here(request), user_of(request)
    if not adds_here(request, municipality):
        raise PermissionDenied
    form = UploadForm(request.POST or None, request.FILES or None)
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            # One byte past the limit is enough to know that it is too large.
            content = upload.read(MAX_FILE + 1)
            made = actor_import_read(municipality=municipality, content=content, name=upload.name, by=user)
        except DomainError as error:
            form.add_error("file", str(error.sentence))
        else:
            has_name = "name" in made.columns.values()
            return redirect("actor_import" if has_name else "actor_import_columns", made.pk)
    page_obj = Paginator(imports_here(user, municipality), PER_PAGE).get_page(request.GET.get("page"))
    makers = {made.made_by_id for made in page_obj if made.made_by_id is not None}
    names = names_for(user, Wanted(users=makers), municipality.pk)
    context = {
        "form": form,
        "page_obj": page_obj,
        "rows": [
            {"made": made, "who": names.who(made.made_by_id) if made.made_by_id else "", **_state(made)}
            for made in page_obj
        ],
        "breadcrumbs": crumbs(),
    }
    return render(request, "partnerships/actor_import/list.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Before it is saved: the rows, to look through. After: what came of it."""
    found = _found(request, pk)
    sheet = sheet_of(found)
    if found.saved_at is not None or sheet is None:
        return _afterwards(request, found)
    chosen, wrong = None, {}
    if request.method == "POST":
        chosen, anyway = _numbers(request, "row"), _numbers(request, "anyway")
        try:
            saved = actor_import_save(
                actor_import=found,
                chosen=chosen,
                anyway=anyway,
                leave_out_wrong="leave_out_wrong" in request.POST,
                by=user_of(request),
            )
        except RowsWrong as error:
            chosen, wrong = chosen | anyway, error.wrong
        except DomainError as error:
            chosen = chosen | anyway
            messages.error(request, str(error.sentence))
        else:
            told = ngettext("%(count)s lag er lagt inn.", "%(count)s lag er lagt inn.", saved.saved_rows)
            messages.success(request, told % {"count": saved.saved_rows})
            return redirect("actor_import", pk)
    return _look_through(request, found, sheet, chosen, wrong)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    sheet = sheet_of(found)
    if found.saved_at is not None or sheet is None:
        return redirect("actor_import", pk)
    form = ColumnsForm(request.POST or None, found=HEADINGS.columns_in(sheet), chosen=found.columns)
    if request.method == "POST" and form.is_valid():
        try:
            actor_import_columns(actor_import=found, columns=form.columns(), by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("actor_import", pk)
    context = {"form": form, "import": found, "breadcrumbs": crumbs(found, _("Kolonnene"))}
    return render(request, "partnerships/actor_import/columns.html", context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        actor_import_discard(actor_import=_found(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("actor_import", pk)
    messages.success(request, _("Regnearket er kastet. Ingenting er lagt inn."))
    return redirect("actor_imports")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if request.method == "POST":
        try:
            actor_import_undo(actor_import=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Importen er angret."))
    if request.method == "POST" or found.saved_at is None or found.undone_at is not None:
        return redirect("actor_import", pk)
    context = {
        "title": _("Angre importen av «%(name)s»?") % {"name": found.name},
        "text": ngettext(
            "Laget som ble lagt inn, blir borte igjen.",
            "Alle de %(count)s lagene som ble lagt inn, blir borte igjen.",
            found.saved_rows,
        )
        % {"count": found.saved_rows},
        "consequences": [_("Er noen av dem tatt i bruk eller endret, blir ingen borte.")],
        "action": _("Angre importen"),
        "cancel_url": reverse("actor_import", args=[pk]),
        "danger": True,
    }
    return render(request, "confirm.html", context)


def crumbs(found: ActorImport | None = None, last: str = "") -> list[tuple[str, str]]:
    own = [] if found is None else [(found.name, reverse("actor_import", args=[found.pk]) if last else "")]
    return [
        *actor_crumbs("lag"),
        (_("Fra et regneark"), reverse("actor_imports") if own else ""),
        *own,
        *([(last, "")] if last else []),
    ]


def _found(request: HttpRequest, pk: int) -> ActorImport:
    rows = ActorImport.objects.select_related("municipality__settings", "file")
    return get_for(user_of(request), Permission.ACTOR_EDIT, rows, pk=pk)


def _numbers(request: HttpRequest, name: str) -> set[int]:
    return {int(number) for number in request.POST.getlist(name) if number.isdecimal() and len(number) < 8}


def _state(made: ActorImport) -> dict[str, Any]:
    if made.undone_at is not None:
        return {"state": _("Angret"), "color": "neutral"}
    if made.saved_at is not None:
        told = ngettext("%(count)s lag lagt inn", "%(count)s lag lagt inn", made.saved_rows)
        return {"state": told % {"count": made.saved_rows}, "color": "success"}
    return {"state": _("Ikke lagret ennå"), "color": "warning"}


def _look_through(
    request: HttpRequest,
    found: ActorImport,
    sheet: Sheet,
    chosen: set[int] | None,
    wrong: dict[int, list[str]],
) -> HttpResponse:
    rows = rows_of(found, sheet)
    shown = [_shown(row, chosen, wrong) for row in rows]
    # What she has to look at first; each lot in the spreadsheet's order.
    shown.sort(key=lambda row: row["order"])
    known = {str(column.index): column.heading for column in HEADINGS.columns_in(sheet)}
    context = {
        "import": found,
        "rows": shown,
        "has_name": "name" in found.columns.values(),
        "notes": [NOTES[note] % {"sheet": sheet.name} for note in sheet.notes],
        "columns": [(known.get(column, ""), LABELS[field]) for column, field in found.columns.items()],
        "left": [heading for column, heading in known.items() if column not in found.columns],
        "problem_count": sum(1 for row in shown if row["problems"] and not row["is_here"]),
        "here_count": sum(1 for row in rows if row.is_here or row.same),
        "is_refused": bool(wrong),
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/actor_import/look_through.html", context)


def _shown(row: ImportRow, chosen: set[int] | None, wrong: dict[int, list[str]]) -> dict[str, Any]:
    made = row.organisation
    facts = (
        shown_organisation_number(made.number),
        "" if made.kind == "association" else made.get_kind_display(),
        ", ".join(area_names(made.areas)),
        category_words(made.icnpo),
        made.email,
        shown_number(made.phone),
        made.website,
        made.street,
        f"{made.postal_code} {made.post_town}".strip(),
        made.about,
    )
    problems = wrong.get(row.number, row.problems)
    return {
        "number": row.number,
        "name": made.name,
        "facts": [str(fact) for fact in facts if fact],
        "problems": problems,
        "same": "" if row.same in problems else row.same,
        "is_here": row.is_here,
        "is_ticked": row.is_to_be_saved if chosen is None else row.number in chosen,
        "order": 2 if row.is_here else 0 if problems else 1 if row.same else 3,
    }


def _afterwards(request: HttpRequest, found: ActorImport) -> HttpResponse:
    rows = Paginator(organisations_of(found, user_of(request)), PER_PAGE)
    context = {
        "import": found,
        "page_obj": rows.get_page(request.GET.get("page")),
        "tags": [{"text": state["state"], "color": state["color"]}] if (state := _state(found)) else [],
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/actor_import/afterwards.html", context)
