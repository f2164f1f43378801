"""With script switched off the pages say the same and every form works."""

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser


def main_text(page: Page, path: str) -> str:
    page.goto(path)
    # A passkey cannot be asked for without script (product.md § 5.2); its form shows only with it.
    page.locator("main form[data-passkey]").evaluate_all("forms => forms.forEach(form => form.remove())")
    # That the file stays on her machine is true with script only, and is said only then.
    page.locator("main [data-hashed-here]").evaluate_all("notes => notes.forEach(note => note.remove())")
    return re.sub(r"\s+", " ", page.locator("main").inner_text())


def test_same_words(page: Page, page_without_script: Page, portal: Any) -> None:
    for path in portal.pages():
        assert main_text(page_without_script, path) == main_text(page, path), path


def open_tools(page: Page) -> None:
    page.locator("header details summary").click()


@pytest.mark.parametrize(("button", "code"), [("Nynorsk", "nn"), ("English", "en")])
def test_language_is_chosen_and_kept(page_without_script: Page, button: str, code: str) -> None:
    page = page_without_script
    page.goto("/om/")
    open_tools(page)
    page.get_by_role("button", name=button).click()
    assert page.url.endswith("/om/")
    for path in ("/om/", "/"):
        page.goto(path)
        expect(page.locator("html")).to_have_attribute("lang", code)


def test_dark_is_chosen_and_kept_without_a_flash(page_without_script: Page) -> None:
    page = page_without_script
    page.goto("/om/")
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    open_tools(page)
    page.get_by_role("button", name="Mørk").click()
    page.goto("/")
    expect(page.locator("html")).to_have_attribute("data-color-scheme", "dark")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def test_signing_in_and_out(page_without_script: Page) -> None:
    page = page_without_script
    sign_in(page)
    assert page.locator("form[action='/logg-ut/']").count() == 1
    open_tools(page)
    page.locator("form[action='/logg-ut/'] button").click()
    expect(page.get_by_role("link", name="Logg inn").first).to_be_visible()


def test_wrong_password_is_said_where_it_is_heard(page_without_script: Page) -> None:
    page = page_without_script
    page.goto("/logg-inn/")
    page.fill("#id_login", "ingen@prove.example")
    page.fill("#id_password", "feil")
    page.locator("form:has(#id_password) button[type=submit]").click()
    expect(page.locator("main [role=alert], main .ds-error-summary, main .ds-alert").first).to_be_visible()
    expect(page.locator("#id_login")).to_have_value("ingen@prove.example")
