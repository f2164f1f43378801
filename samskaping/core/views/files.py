"""The one place a file leaves from."""

import uuid

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.http import content_disposition_header
from django.views.decorators.http import require_safe

from samskaping.core.file_access import files_open_to
from samskaping.core.models import StoredFile
from samskaping.core.services.stored_file import PICTURE


@login_required
@require_safe
def stored_file(request: HttpRequest, pk: uuid.UUID) -> HttpResponse:
    """To those who may see what the file belongs to; for everybody else it is not there."""
    file = files_open_to(request.user).filter(pk=pk).first()
    if file is None:
        raise Http404
    return file_response(file)


def file_response(file: StoredFile) -> HttpResponse:
    """Hands it out, to whom the caller has found that it may go."""
    response = HttpResponse(bytes(file.content), content_type=file.content_type)
    # Only a picture we drew anew ourselves is shown inside a page. All else is saved, and opened by her own
    # programs under its own name, never by the browser as if it were a page of ours.
    if file.content_type == PICTURE:
        response["Content-Disposition"] = f'inline; filename="{file.pk}.png"'
        # The address is new for each upload, so the browser may keep it; nobody between may.
        response["Cache-Control"] = "private, max-age=86400, immutable"
    else:
        response["Content-Disposition"] = content_disposition_header(True, file.name) or "attachment"
        response["Cache-Control"] = "private, no-store"
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    return response
