"""One portal, one browser and one round of visits for the whole suite."""

import shutil
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright


@pytest.fixture(scope="package")
def portal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    from tests.browser import portal as portals

    with portals.running(tmp_path_factory.mktemp("portal")) as running:
        yield running


# Not for the session: Playwright's event loop lives in this thread until it stops, and Django would keep
# a second set of database connections for the tests of other files that come after in this process.
@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium; it talks to nobody but the portal."""
    program = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if program is None:
        pytest.fail("There is no Chromium. `make test` installs it, or type: apt install chromium")
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=program,
            args=[
                "--no-sandbox", "--no-first-run", "--disable-background-networking",
                "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
            ],
        )  # fmt: skip
        yield launched
        launched.close()


def context(browser: Browser, portal: Any, **options: Any) -> BrowserContext:
    return browser.new_context(**{"base_url": portal.url, "locale": "nb-NO", **options})


@pytest.fixture
def page(browser: Browser, portal: Any) -> Iterator[Page]:
    """A visitor with a clean browser."""
    with context(browser, portal) as fresh:
        yield fresh.new_page()


@pytest.fixture
def page_without_script(browser: Browser, portal: Any) -> Iterator[Page]:
    with context(browser, portal, java_script_enabled=False) as fresh:
        yield fresh.new_page()


def sign_in(page: Page) -> None:
    from tests.browser.portal import EMAIL, PASSWORD

    page.goto("/logg-inn/")
    page.fill("#id_login", EMAIL)
    page.fill("#id_password", PASSWORD)
    page.locator("form:has(#id_password) button[type=submit]").click()


@pytest.fixture(scope="package")
def visits(browser: Browser, portal: Any) -> list[Any]:
    """Every page as somebody from outside, the error pages, and the ordinary pages once more signed in."""
    from tests.browser import error_pages
    from tests.browser.visits import Visitor

    pages = portal.pages()
    made = error_pages.rendered()

    def answer(route: Route) -> None:
        route.fulfill(
            body=made[route.request.url.removeprefix(portal.url)], content_type="text/html; charset=utf-8"
        )

    with context(browser, portal) as outside:
        outside.route(lambda url: url.removeprefix(portal.url) in made, answer)
        visitor = Visitor(outside, portal.url)
        found = [visitor.visit(path) for path in [*pages, *made, "/finnes-ikke/"]]
    with context(browser, portal) as inside:
        visitor = Visitor(inside, portal.url)
        sign_in(visitor.page)
        found += [visitor.visit(path) for path in pages if not path.startswith("/komponenter/")]
    return found
