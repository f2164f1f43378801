"""The list, the start and the page of a partnership."""

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from partnerships.access import access_of, get_visible
from partnerships.current import current_membership, user_of
from partnerships.models import Partnership
from partnerships.page import sections
from partnerships.selectors.partnership import partnership_page, partnerships_here, with_parties
from samskaping.accounts.permissions import Permission
from samskaping.core.registries import Viewer

PER_PAGE = 30


def viewer_of(request: HttpRequest) -> Viewer:
    return Viewer(user=request.user, membership=current_membership(request), today=timezone.localdate())


@login_required
@require_safe
def partnerships(request: HttpRequest) -> HttpResponse:
    _may_look(request)
    found = partnerships_here(user_of(request), current_membership(request))
    page = Paginator(with_parties(found), PER_PAGE).get_page(request.GET.get("page"))
    return render(request, "partnerships/partnership/list.html", {"page_obj": page})


def _may_look(request: HttpRequest) -> None:
    """Raises PermissionDenied for those whose role has no partnerships; a guest has one."""
    access = access_of(user_of(request))
    if not (access.may(Permission.PARTNERSHIP_READ) or access.guest_partnership_ids):
        raise PermissionDenied


@login_required
@require_safe
def partnership(request: HttpRequest, pk: int) -> HttpResponse:
    found = get_visible(user_of(request), with_parties(Partnership.objects.all()), pk=pk)
    viewer = viewer_of(request)
    page = partnership_page(found, viewer)
    main, aside = _sections(request, found, viewer)
    context = {
        "page": page,
        "partnership": found,
        "main": main,
        "aside": aside,
        "breadcrumbs": crumbs(found),
    }
    return render(request, "partnerships/partnership/page.html", context)


def crumbs(found: Partnership, *last: str) -> list[tuple[str, str]]:
    """From the list to the partnership, and to a page under it."""
    own = (found.title, reverse("partnership", args=[found.pk]) if last else "")
    return [(_("Samarbeid"), reverse("partnerships")), own, *((text, "") for text in last)]


def _sections(
    request: HttpRequest, found: Partnership, viewer: Viewer
) -> tuple[list[SafeString], list[SafeString]]:
    """What each part of the portal has to show of it, for the wide column and the narrow one."""
    columns: tuple[list[SafeString], list[SafeString]] = ([], [])
    for made in sections():
        context = made.context(found, viewer)
        if context is not None:
            given: dict[str, Any] = {"partnership": found, "viewer": viewer, **context}
            columns[made.aside].append(render_to_string(made.template, given, request))
    return columns
