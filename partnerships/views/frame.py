"""«Rammer» of a partnership."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from partnerships.access import get_for
from partnerships.current import user_of
from partnerships.forms.frame import FrameForm, standing
from partnerships.models import Frame, Partnership
from partnerships.selectors.frame import choices_for, frame_of
from partnerships.selectors.history import history_of
from partnerships.services.frame import frame_change
from partnerships.views.partnership import crumbs
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def frame(request: HttpRequest, pk: int) -> HttpResponse:
    partnership = get_for(user_of(request), Permission.PARTNERSHIP_EDIT, Partnership, pk=pk)
    current = frame_of(partnership)
    form = FrameForm(
        request.POST or None,
        version=current.version if current else 0,
        choices=choices_for(partnership, current),
        initial=standing(current),
    )
    if request.method == "POST" and form.is_valid():
        by, changes = user_of(request), form.changes()

        def save(version: int) -> Frame:
            return frame_change(partnership=partnership, version=version, changes=changes, by=by)

        try:
            if not form.has_changed() or form.saved_by(save, by):
                messages.success(request, _("Rammene er lagret."))
                return redirect("partnership", pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    context = {
        "form": form,
        "partnership": partnership,
        "history": history_of(current, user_of(request)) if current else None,
        "frame": current,
        "breadcrumbs": crumbs(partnership, _("Rammer")),
    }
    return render(request, "partnerships/frame/edit.html", context)
