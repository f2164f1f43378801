"""The list of agreements as a file, filtered as it is on the page."""

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from agreements.forms.agreement import AgreementsFilter
from agreements.models.agreement import AgreementQuerySet
from agreements.selectors.agreement import State, agreements_in, export_rows, in_state, matching
from agreements.views.agreement import here
from partnerships.access import access_of
from partnerships.current import user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.export import CSV, XLSX, as_csv, as_xlsx
from samskaping.core.models import Municipality
from samskaping.core.services.audit import audit_record


@login_required
@require_POST
def as_file(request: HttpRequest, kind: str) -> HttpResponse:
    """Only what her right to export reaches: a unit's leader reads the list, and takes no copy of it.

    A POST, since the trace keeps that it was taken.
    """
    municipality, user = here(request, Permission.EXPORT_ROWS), user_of(request)
    if not access_of(user).may(Permission.AGREEMENT_DRAFT, municipality_id=municipality.pk):
        raise PermissionDenied
    columns, rows = export_rows(_found(request, municipality))
    name = _("avtaler")
    audit_record(
        "agreements_exported", municipality, by=user, municipality=municipality, data={"rows": len(rows)}
    )
    content = as_csv(columns, rows) if kind == "csv" else as_xlsx(_("Avtaler"), columns, rows)
    response = HttpResponse(content, content_type=CSV if kind == "csv" else XLSX)
    response["Content-Disposition"] = f'attachment; filename="{name}-{timezone.localdate():%Y-%m-%d}.{kind}"'
    response["Cache-Control"] = "private, no-store"
    return response


def _found(request: HttpRequest, municipality: Municipality) -> AgreementQuerySet:
    form = AgreementsFilter(request.GET)
    chosen = form.cleaned_data if form.is_valid() else {}
    seen = agreements_in(municipality, user_of(request)).drafted_by(user_of(request))
    found = in_state(seen, State(chosen.get("vis", "")), timezone.localdate())
    return matching(found, q=chosen.get("q", ""), kind=chosen.get("kind", ""))
