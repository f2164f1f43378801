"""Agreements, invented."""

from factory.declarations import LazyAttribute, Sequence, SubFactory
from factory.django import DjangoModelFactory

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import AgreementOrigin
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
