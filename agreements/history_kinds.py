"""Whose history of an agreement one may read."""

from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement, AgreementParty
from partnerships.access import Access, Own
from partnerships.selectors.history_kinds import Kind, history_kind


def register() -> None:
    history_kind(
        Kind(
            model=Agreement,
            slug="avtale",
            label=_("Avtaler"),
            own=_own_parties,
            about=lambda row, _names: row.title,
            behind=lambda seen: (Q(person=None) | Q(person__in=seen)) & ~Q(state="draft", shared_at=None),
            page=lambda row, _user: reverse("agreement", args=[row.pk]),
        )
    )


def _own_parties(_access: Access, own: Own) -> Q:
    parties = AgreementParty.objects.filter(agreement=OuterRef("pk"))
    return Q(
        Exists(
            parties.filter(
                Q(unit__in=own.unit_ids)
                | Q(centre__in=own.centre_ids)
                | Q(organisation__in=own.organisation_ids)
            )
        )
    )
