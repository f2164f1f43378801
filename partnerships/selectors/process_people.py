"""Who may be the one the participants of a process ring."""

from django.db.models import Exists, OuterRef, Q, QuerySet

from partnerships.models import CodesignProcess, Membership, Person
from partnerships.models.codesign import ProcessState
from partnerships.models.participant import contacts_at_work
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


def groups_without(membership: Membership, user: User) -> list[str]:
    """The processes, as this user may know them, whose contact is at work by this role and no other."""
    others = contacts_at_work().filter(person=membership.person_id).exclude(pk=membership.pk)
    if membership.person_id is None or others.exists():
        return []
    hers = CodesignProcess.objects.visible_to(user).filter(convener=membership.person_id)
    return list(
        hers.exclude(state=ProcessState.ENDED).order_by("title_key", "pk").values_list("title", flat=True)
    )
