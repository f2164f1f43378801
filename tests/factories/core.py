"""Counties, municipalities and texts, invented: numbers from 9000 up belong to no real one."""

from factory.declarations import LazyFunction, Sequence, SubFactory
from factory.django import DjangoModelFactory

from samskaping.core.models import ContentTemplate, County, Municipality
from samskaping.core.models.content_template import ContentKind


class CountyFactory(DjangoModelFactory[County]):
    class Meta:
        model = County
        django_get_or_create = ("number",)

    number = "90"
    name = "Prøvefylke"


class MunicipalityFactory(DjangoModelFactory[Municipality]):
    class Meta:
        model = Municipality

    # One process makes more than there are numbers; no test needs so many at once.
    number = Sequence(lambda n: f"{9100 + n % 800}")
    name = Sequence(lambda n: f"Prøvevik {n}")
    county = SubFactory(CountyFactory)
    language_form = "nb"
    population = 4200
    centrality = 5


class ContentTemplateFactory(DjangoModelFactory[ContentTemplate]):
    class Meta:
        model = ContentTemplate

    key = Sequence(lambda n: f"tekst-{n}")
    kind = ContentKind.LETTER
    texts = LazyFunction(lambda: {"nb": {"title": "Kjære deg", "body": "Takk for sist."}})
