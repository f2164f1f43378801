"""The door to a volunteer: who keeps her decides, not where in the municipality somebody works.

`Access.covers` asks for municipality and place; a volunteer's wall is her controller (product.md § 1), so
whoever only sees her because she is shared at an offer may not change what her controller keeps.
"""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404
from django.shortcuts import get_object_or_404

from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from volunteers.models import CareNote, CareStep, Volunteer


def volunteer_seen(user: User, permission: Permission, **lookup: Any) -> Volunteer:
    """One she may know. Raises Http404.

    With what every page about her reads. Where she belongs and who keeps her are one or two of five rows, and
    fetched when asked for: to join all of them took longer to plan than all else here.
    """
    seen = Volunteer.objects.visible_to(user, permission)
    joined = seen.select_related("person__user", "municipality__settings", "guardian").order_by()
    volunteer: Volunteer = get_object_or_404(joined, **lookup)
    # Hers is her person's, always.
    volunteer.person.municipality = volunteer.municipality
    return volunteer


def volunteer_for(user: User, permission: Permission, **lookup: Any) -> Volunteer:
    """Raises Http404 when she may not be known here, PermissionDenied when somebody else keeps her."""
    volunteer = volunteer_seen(user, Permission.VOLUNTEER_TODAY, **lookup)
    if not keeps(user, permission, volunteer):
        raise PermissionDenied
    return volunteer


def keeps(user: User, permission: Permission, volunteer: Volunteer) -> bool:
    return Volunteer.objects.kept_by(user, permission).filter(pk=volunteer.pk).exists()


def herself(user: User, **lookup: Any) -> Volunteer:
    """Her own row. Raises Http404 when there is none."""
    if not user.is_authenticated:
        raise Http404
    found: Volunteer = get_object_or_404(
        Volunteer.objects.select_related("person__user", "municipality"),
        person__user=user,
        person__erased_at=None,
        **lookup,
    )
    return found


def known(user: User, permission: Permission, **lookup: Any) -> Volunteer:
    """Somebody else whom one may know of, whoever keeps her. Raises Http404."""
    seen = Volunteer.objects.visible_to(user, permission).exclude(person__user=user)
    found: Volunteer = get_object_or_404(seen.select_related("person", "municipality"), **lookup)
    return found


def step_kept(user: User, permission: Permission, pk: int) -> CareStep:
    """Of somebody she keeps; to everybody else it is not there. Raises Http404."""
    kept = Volunteer.objects.kept_by(user, permission).values("pk")
    steps = CareStep.objects.filter(volunteer__in=kept).select_related(
        "volunteer__person", "volunteer__municipality", "owner"
    )
    found: CareStep = get_object_or_404(steps, pk=pk)
    return found


def note_kept(user: User, permission: Permission, pk: int) -> CareNote:
    """Of somebody she keeps. Raises Http404."""
    kept = Volunteer.objects.kept_by(user, permission).values("pk")
    notes = CareNote.objects.filter(volunteer__in=kept).select_related("volunteer")
    found: CareNote = get_object_or_404(notes, pk=pk)
    return found


def own_talk(user: User, pk: int) -> CareStep:
    """With an hour, of herself. Raises Http404."""
    talks = CareStep.objects.filter(volunteer__person__user=user, volunteer__person__erased_at=None)
    found: CareStep = get_object_or_404(talks.filter(at__isnull=False), pk=pk)
    return found
