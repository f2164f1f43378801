"""Error pages say in words what happened and what to do, and come up when nothing else does."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from tests.core.broken_urls import CANARY

pytestmark = [pytest.mark.django_db, pytest.mark.urls("tests.core.broken_urls")]
PAGES = {
    400: ("/mistenkelig/", "Vi forstod ikke"),
    403: ("/nektet/", "tilgang"),
    404: ("/finnes-ikke/", "Vi finner ikke siden"),
    500: ("/feiler/", "Noe gikk galt"),
    503: ("/borte/", "Vi er straks tilbake"),
}


@pytest.fixture
def visitor() -> Client:
    return Client(raise_request_exception=False)


@pytest.mark.parametrize("status", PAGES)
def test_page_in_words(visitor: Client, status: int) -> None:
    path, words = PAGES[status]
    response = visitor.get(path)
    page = response.content.decode()
    assert response.status_code == status
    assert words in page
    assert '<html lang="nb"' in page
    assert 'href="/"' in page, "there is a way on"
    assert CANARY not in page
    assert "Traceback" not in page


@pytest.mark.parametrize("status", PAGES)
def test_page_has_the_safe_headers_too(visitor: Client, status: int) -> None:
    response = visitor.get(PAGES[status][0])
    assert "default-src 'self'" in response["Content-Security-Policy"]
    assert response["X-Content-Type-Options"] == "nosniff"


@pytest.mark.parametrize("status", PAGES)
def test_page_asks_no_database(visitor: Client, status: int) -> None:
    with CaptureQueriesContext(connection) as queries:
        visitor.get(PAGES[status][0])
    # The savepoint around the view (ATOMIC_REQUESTS) is not the page's.
    assert [q["sql"] for q in queries.captured_queries if "SAVEPOINT" not in q["sql"]] == []


@pytest.mark.parametrize("path", ["/borte/", "/avbrutt/"])
def test_unavailable_says_when_to_come_back(visitor: Client, path: str) -> None:
    response = visitor.get(path)
    assert response.status_code == 503
    assert int(response["Retry-After"]) > 0


def test_value_the_database_refuses_is_no_absence(visitor: Client) -> None:
    assert visitor.get("/opptatt/").status_code == 500


def test_form_without_token_says_what_to_do() -> None:
    response = Client(enforce_csrf_checks=True).post("/utseende/", {"theme": "dark"})
    assert response.status_code == 403
    words = response.content.decode().partition("<main")[2]
    assert "last siden på nytt" in words
    assert "CSRF" not in words, "a word for developers"


@pytest.mark.parametrize(("language", "words"), [("nn", "Vi finn ikkje"), ("en", "find")])
def test_page_in_the_visitors_language(visitor: Client, language: str, words: str) -> None:
    page = visitor.get("/finnes-ikke/", headers={"Accept-Language": language}).content.decode()
    assert f'<html lang="{language}"' in page
    assert words in page
