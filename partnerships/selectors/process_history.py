"""Whose processes' history is one's own to read."""

from django.db.models import Q, QuerySet

from partnerships.access import Access, Own
from partnerships.models import CodesignProcess, PartnershipParty
from samskaping.accounts.permissions import Permission


def own_processes(access: Access, own: Own) -> Q:
    """Those of one's own side, and of the partnerships one's own take part in."""
    everywhere = access.municipalities_all(Permission.HISTORY_READ)
    mine = Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)
    parties = PartnershipParty.objects.taking_part()
    theirs = parties.filter(Q(party_municipality__in=everywhere) | mine)
    return mine | Q(partnership__in=theirs.values("partnership"))


def under_own_processes(access: Access, own: Own) -> QuerySet[CodesignProcess]:
    """For `process__in`."""
    return CodesignProcess.objects.filter(own_processes(access, own))
