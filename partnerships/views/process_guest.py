"""A guest or mentor who reads one process, without names, until a day."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.current import user_of
from partnerships.forms.process_guest import ProcessGuestForm
from partnerships.seat import Seat, seated
from partnerships.selectors.words import language_of
from partnerships.services.invitation import invitation_send
from partnerships.services.membership import MayNotGrant, check_may_grant
from partnerships.views.process import form_page
from samskaping.accounts.permissions import Role
from samskaping.core.errors import DomainError


@require_http_methods(["GET", "HEAD", "POST"])
@seated("edits")
def guest_new(request: HttpRequest, seat: Seat) -> HttpResponse:
    """By those who hand out roles in the municipality."""
    process, by = seat.process, user_of(request)
    try:
        check_may_grant(Role.GUEST, by=by, municipality=process.municipality)
    except MayNotGrant:
        raise PermissionDenied from None
    form = ProcessGuestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            invitation_send(
                municipality=process.municipality,
                role=Role.GUEST,
                process=process,
                language=language_of(process.municipality),
                by=by,
                **form.cleaned_data,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Invitasjonen er på vei."))
            return redirect("process", pk=process.pk)
    lead = _("En gjest leser prosessen til datoen dere velger. Gjesten ser ikke hvem som er med.")
    return form_page(request, seat, form, _("La en gjest lese"), lead)
