"""Who may be the one the participants of a process ring."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerships.models import CodesignProcess, Membership, Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Role


def conveners_for(process: CodesignProcess, user: User) -> QuerySet[Person]:
    """Those who work for the side that invites, whoever chooses, and the one it is now."""
    works = (
        Membership.objects.current()
        .filter(municipality=process.municipality_id, person=OuterRef("pk"))
        .exclude(role__in=(Role.GUEST, Role.OBSERVER))
    )
    if process.centre_id or process.organisation_id:
        works = works.filter(centre=process.centre_id, organisation=process.organisation_id)
    else:
        works = works.filter(centre=None, organisation=None)
    mine = Q(user=user, municipality=process.municipality_id)
    return Person.objects.filter(
        Q(Exists(works)) | mine | Q(pk=process.convener_id), erased_at=None
    ).order_by("name_key", "pk")


def has_contact(process: CodesignProcess) -> bool:
    """Whether the one the group rings is still at work: somebody who has left answers nobody."""
    return Membership.objects.current().filter(person=process.convener_id, person__isnull=False).exists()
