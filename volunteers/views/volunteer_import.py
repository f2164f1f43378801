"""Volunteers from a spreadsheet: sending it, looking through it, saving it, undoing it."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from partnerships.current import current_membership, user_of
from partnerships.forms.actor_import import ColumnsForm, UploadForm
from partnerships.spreadsheet import MAX_FILE, Sheet
from partnerships.views.actor_import import NOTES
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number
from volunteers.columns import HEADINGS, LABELS, Row
from volunteers.models import VolunteerImport
from volunteers.selectors.keeper import Keeper, keeper_of
from volunteers.selectors.volunteer_import import imports_here, made_by, rows_of, sheet_of, untouched
from volunteers.services.volunteer_import import (
    volunteer_import_ask,
    volunteer_import_columns,
    volunteer_import_discard,
    volunteer_import_read,
    volunteer_import_undo,
)
from volunteers.views.volunteer import crumbs as volunteer_crumbs
from volunteers.views.volunteer import here

PER_PAGE = 30
# Of ten thousand rows these are shown: what is wrong first, and enough of the rest to see that it is right.
SHOWN_LEFT, SHOWN_TAKEN = 100, 20


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def imports(request: HttpRequest) -> HttpResponse:
    keeper, user = _keeper(request), user_of(request)
    form = UploadForm(request.POST or None, request.FILES or None)
    form.fields["file"].help_text = _("Excel (.xlsx) eller .csv, høyst 5 MB og 10 000 rader. Én på hver rad.")
    if request.method == "POST" and form.is_valid():
        upload = form.cleaned_data["file"]
        try:
            # One byte past the limit is enough to know that it is too large.
            content = upload.read(MAX_FILE + 1)
            made = volunteer_import_read(keeper=keeper, content=content, name=upload.name, by=user)
        except DomainError as error:
            form.add_error("file", str(error.sentence))
        else:
            return redirect("volunteer_import" if _has_name(made) else "volunteer_import_columns", made.pk)
    page = Paginator(imports_here(keeper), PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "form": form,
        "page_obj": page,
        "rows": [{"made": made, **_state(made)} for made in page],
        "breadcrumbs": crumbs(),
    }
    return render(request, "volunteers/volunteer_import/list.html", context)


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest, pk: int) -> HttpResponse:
    """Before: what would be saved. While: how far it has come. After: what came of it."""
    found = _found(request, pk)
    sheet = sheet_of(found)
    if found.asked_at is not None or sheet is None:
        return _afterwards(request, found)
    if request.method == "POST":
        try:
            volunteer_import_ask(made=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        return redirect("volunteer_import", pk)
    return _look_through(request, found, sheet)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def columns(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    sheet = sheet_of(found)
    if found.asked_at is not None or sheet is None:
        return redirect("volunteer_import", pk)
    form = ColumnsForm(
        request.POST or None, found=HEADINGS.columns_in(sheet), chosen=found.columns, labels=LABELS
    )
    if request.method == "POST" and form.is_valid():
        try:
            volunteer_import_columns(made=found, columns=form.columns(), by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            return redirect("volunteer_import", pk)
    context = {"form": form, "import": found, "breadcrumbs": crumbs(found, _("Kolonnene"))}
    return render(request, "volunteers/volunteer_import/columns.html", context)


@login_required
@require_POST
def discard(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        volunteer_import_discard(made=_found(request, pk), by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("volunteer_import", pk)
    messages.success(request, _("Regnearket er kastet. Ingenting er lagt inn."))
    return redirect("volunteer_imports")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def undo(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    if request.method == "POST":
        try:
            stay = volunteer_import_undo(made=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            told = ngettext(
                "Importen er angret. %(count)s er tatt i bruk siden, og står.",
                "Importen er angret. %(count)s er tatt i bruk siden, og står.",
                stay,
            )
            messages.success(request, told % {"count": stay} if stay else _("Importen er angret."))
            if untouched(found).exists():
                messages.info(request, _("Lista er lang. De siste er borte om noen minutter."))
    if request.method == "POST" or found.saved_at is None or found.undone_at is not None:
        return redirect("volunteer_import", pk)
    going, stays = untouched(found).count(), made_by(found).count()
    stays -= going
    consequences = [_("Det kan ikke gjøres om igjen uten å laste opp på nytt.")]
    if stays:
        told = ngettext(
            "%(count)s er endret eller tatt i bruk siden, og blir stående.",
            "%(count)s er endret eller tatt i bruk siden, og blir stående.",
            stays,
        )
        consequences.insert(0, told % {"count": stays})
    context = {
        "title": _("Angre importen av «%(name)s»?") % {"name": found.file_name},
        "text": ngettext("%(count)s blir borte igjen.", "%(count)s blir borte igjen.", going)
        % {"count": going},
        "consequences": consequences,
        "action": _("Angre importen"),
        "cancel_url": reverse("volunteer_import", args=[pk]),
        "danger": True,
    }
    return render(request, "confirm.html", context)


def crumbs(found: VolunteerImport | None = None, last: str = "") -> list[tuple[str, str]]:
    top = volunteer_crumbs(None, _("Fra et regneark"))
    if found is None:
        return top
    own = (found.file_name, reverse("volunteer_import", args=[found.pk]) if last else "")
    rest = [(last, "")] if last else []
    return [top[0], (top[1][0], reverse("volunteer_imports")), own, *rest]


def _keeper(request: HttpRequest) -> Keeper:
    """Raises PermissionDenied for whoever keeps no volunteers."""
    here(request, Permission.VOLUNTEER_CONTACT)
    keeper = keeper_of(current_membership(request))
    if keeper is None:
        raise PermissionDenied
    return keeper


def _found(request: HttpRequest, pk: int) -> VolunteerImport:
    """Raises Http404 for another controller's."""
    rows = imports_here(_keeper(request))
    joined = ("municipality__settings", "file", "centre", "organisation")
    found = rows.filter(pk=pk).select_related(*joined).first()
    if found is None:
        raise Http404
    return found


def _has_name(made: VolunteerImport) -> bool:
    return bool({"name", "first_name", "last_name"} & set(made.columns.values()))


def _state(made: VolunteerImport) -> dict[str, Any]:
    if made.undone_at is not None:
        return {"state": _("Angret"), "color": "neutral"}
    if made.saved_at is not None:
        told = ngettext("%(count)s lagt inn", "%(count)s lagt inn", made.made_count)
        return {"state": told % {"count": made.made_count}, "color": "success"}
    if made.asked_at is not None:
        return {"state": _("Legges inn nå"), "color": "info"}
    return {"state": _("Ikke lagret ennå"), "color": "warning"}


def _look_through(request: HttpRequest, found: VolunteerImport, sheet: Sheet) -> HttpResponse:
    rows = rows_of(found, sheet) if _has_name(found) else []
    left = [row for row in rows if not row.is_taken]
    taken = [row for row in rows if row.is_taken]
    known = {str(column.index): column.heading for column in HEADINGS.columns_in(sheet)}
    context = {
        "import": found,
        "has_name": _has_name(found),
        "notes": [NOTES[note] % {"sheet": sheet.name} for note in sheet.notes],
        "columns": [(known.get(column, ""), LABELS[name]) for column, name in found.columns.items()],
        "left_columns": [heading for column, heading in known.items() if column not in found.columns],
        "number": len(rows),
        "taken_count": len(taken),
        "wrong_count": sum(1 for row in left if row.problems),
        "same_count": sum(1 for row in left if not row.problems),
        "left": [_shown(row) for row in sorted(left, key=lambda row: not row.problems)[:SHOWN_LEFT]],
        "left_more": max(len(left) - SHOWN_LEFT, 0),
        "taken": [_shown(row) for row in taken[:SHOWN_TAKEN]],
        "taken_more": max(len(taken) - SHOWN_TAKEN, 0),
        "breadcrumbs": crumbs(found),
    }
    return render(request, "volunteers/volunteer_import/look_through.html", context)


def _shown(row: Row) -> dict[str, Any]:
    who = row.who
    facts = (
        who["email"],
        shown_number(who["phone"]),
        ", ".join(filter(None, (who["street"], f"{who['postal_code']} {who['post_town']}".strip()))),
    )
    return {
        "number": row.number,
        "name": who["name"],
        "facts": [fact for fact in facts if fact],
        "problems": row.problems,
        "same": row.same,
    }


def _afterwards(request: HttpRequest, found: VolunteerImport) -> HttpResponse:
    goes = found.asked_at is not None and found.saved_at is None and found.file is not None
    context = {
        "import": found,
        "goes": goes,
        "percent": 100 * found.done // found.rows if found.rows else 0,
        "tags": [{"text": state["state"], "color": state["color"]}] if (state := _state(found)) else [],
        "breadcrumbs": crumbs(found),
    }
    return render(request, "volunteers/volunteer_import/afterwards.html", context)
