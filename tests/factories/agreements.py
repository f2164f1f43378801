"""Agreements, invented."""

from typing import Any

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import AgreementOrigin
from agreements.services.draft import agreement_start
from samskaping.core.models import ContentTemplate
from samskaping.core.services.reference import _read_texts
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory


class AgreementFactory(DjangoModelFactory[Agreement]):
    class Meta:
        model = Agreement

    municipality = SubFactory(MunicipalityFactory)
    origin = AgreementOrigin.REGISTERED
    title = Sequence(lambda n: f"Prøve samarbeidsavtale {n}")


class AgreementPartyFactory(DjangoModelFactory[AgreementParty]):
    """An organisation; give `unit` or `centre` and `organisation=None` for another kind."""

    class Meta:
        model = AgreementParty

    agreement = SubFactory(AgreementFactory)
    municipality = LazyAttribute(lambda row: row.agreement.municipality)
    organisation = LazyAttribute(lambda row: OrganisationFactory.create(municipality=row.municipality))


def our_text(key: str) -> ContentTemplate:
    """One of the texts we ship, without loading the rest."""
    found = next(text for text in _read_texts() if text["key"] == key)
    return ContentTemplate.objects.create(**found)


def draft(town: Any, *, by: Any = None, key: str = "avtale-samarbeid-lett", **facts: Any) -> Agreement:
    """Begun from one of our texts, by the coordinator with the town's club unless said otherwise."""
    template = facts.pop("template", None) or ContentTemplate.objects.filter(key=key).first() or our_text(key)
    if "partnership" not in facts:
        facts.setdefault("parties", [town.unit, town.organisation])
    return agreement_start(
        municipality=town.municipality,
        template=template,
        language="nb",
        by=by or town.coordinator.user,
        **facts,
    )
