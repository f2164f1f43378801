"""A guest of one process: the way to it in the menu and on her own page."""

from collections.abc import Iterator

from django.http import HttpRequest
from django.urls import reverse
from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import access_of
from partnerships.current import current_membership
from partnerships.models import CodesignProcess
from samskaping.core.navigation import MenuItem, menu, signed_in
from samskaping.core.registries import MyPageItem, Viewer, my_page_items_from


def register() -> None:
    # She has no partnerships to find it under.
    menu.register(MenuItem(gettext_lazy("Samskaping"), "processes", 30, visible=is_guest_of_one))
    my_page_items_from("process_guest", read_by_guest)


def is_guest_of_one(request: HttpRequest) -> bool:
    membership = current_membership(request) if signed_in(request) else None
    return membership is not None and membership.process_id is not None


def read_by_guest(viewer: Viewer) -> Iterator[MyPageItem]:
    """Each process she is let in to, and until when."""
    memberships = access_of(viewer.user).memberships
    until = {m.process_id: m.valid_to for m in memberships if m.process_id and m.valid_to}
    if not until:
        return
    for process in CodesignProcess.objects.filter(pk__in=until).order_by("title_key", "pk"):
        day = formats.date_format(until[process.pk], "DATE_FORMAT")
        yield MyPageItem(
            title=process.title,
            order=6,
            lines=(_("Du kan lese til og med %(day)s.") % {"day": day},),
            url=reverse("process", args=[process.pk]),
            link=_("Les prosessen"),
        )
