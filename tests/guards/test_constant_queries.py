"""The helper that list pages use sees a query per row. The first real list page joins here."""

import pytest
from django.http import HttpRequest, HttpResponse
from django.test import Client
from django.urls import path

from samskaping.core.models import Municipality
from tests.factories.core import MunicipalityFactory
from tests.queries import assert_constant_queries


def joined(request: HttpRequest) -> HttpResponse:
    return HttpResponse([m.county.name for m in Municipality.objects.select_related("county")])


def one_by_one(request: HttpRequest) -> HttpResponse:
    return HttpResponse([m.county.name for m in Municipality.objects.all()])


urlpatterns = [path("joined/", joined), path("one-by-one/", one_by_one)]
pytestmark = [pytest.mark.django_db, pytest.mark.urls(__name__)]


def test_joined_list_passes(client: Client) -> None:
    assert_constant_queries(client, "/joined/", MunicipalityFactory.create)


def test_query_per_row_is_seen(client: Client) -> None:
    with pytest.raises(AssertionError, match="again and again"):
        assert_constant_queries(client, "/one-by-one/", MunicipalityFactory.create)
