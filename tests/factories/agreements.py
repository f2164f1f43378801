"""Agreements, invented."""

from typing import Any

from factory.declarations import LazyAttribute, LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory
from factory.helpers import post_generation

from agreements.models import Agreement, AgreementParty, Batch, BatchRow
from agreements.models.agreement import AgreementOrigin
from agreements.services.draft import agreement_start
from samskaping.core.models import ContentTemplate
from samskaping.core.services.reference import _read_texts
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import OrganisationFactory, PersonFactory, UnitFactory


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


class BatchFactory(DjangoModelFactory[Batch]):
    """A declaration of confidentiality to one of the municipality's people, not sent yet."""

    class Meta:
        model = Batch
        skip_postgeneration_save = True

    municipality = SubFactory(MunicipalityFactory)
    title = Sequence(lambda n: f"Prøve bunke {n}")
    template = LazyFunction(lambda: found_text("taushet-kommune"))
    unit = LazyAttribute(lambda batch: UnitFactory.create(municipality=batch.municipality))

    @post_generation
    def people(self: Batch, create: bool, extracted: Any, **_kwargs: Any) -> None:
        for person in extracted or [PersonFactory.create(municipality=self.municipality)]:
            BatchRow.objects.create(municipality=self.municipality, batch=self, person=person)


def found_text(key: str) -> ContentTemplate:
    """Ours once, however often it is asked for."""
    return ContentTemplate.objects.filter(key=key, municipality=None).first() or our_text(key)
