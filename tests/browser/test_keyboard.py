"""Everything one can click can be reached and seen with the Tab key, and one always gets out again."""

from typing import Any

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in

pytestmark = pytest.mark.browser

# Numbers all that should take focus; of radio buttons in one group the browser stops at one.
NUMBER_THEM = """() => {
    document.querySelectorAll("details").forEach(d => d.open = true);
    const groups = new Set(); let number = 0; const names = [];
    for (const e of document.querySelectorAll(
            "a[href], button, input:not([type=hidden]), select, textarea, summary, [tabindex='0']")) {
        const box = e.getBoundingClientRect();
        if (e.disabled || !e.checkVisibility({visibilityProperty: true}) || box.width === 0) continue;
        if (e.type === "radio") {
            const group = (e.form?.id ?? "") + e.name;
            if (groups.has(group)) continue;
            groups.add(group);
            document.querySelectorAll(`input[type=radio][name="${e.name}"]`)
                .forEach(r => r.dataset.stop = number);
        }
        e.dataset.stop = number++;
        names.push(e.outerHTML.slice(0, 100));
    }
    return names;
}"""
WHERE = """() => {
    const e = document.activeElement;
    if (!e || e === document.body) return null;
    const shown = x => { const s = getComputedStyle(x);
        return (s.outlineStyle !== "none" && parseFloat(s.outlineWidth) > 0) || s.boxShadow !== "none"; };
    const box = e.getBoundingClientRect();
    return {stop: e.dataset.stop ?? null, html: e.outerHTML.slice(0, 100),
        seen: shown(e) || (e.labels?.length ? [...e.labels].some(shown) : false),
        inView: box.bottom > 0 && box.top < innerHeight};
}"""


# Elements that proved it once; the same link stands on every page.
_shown: set[str] = set()


def focus_shows(page: Page, html: str, stop: str | None) -> bool:
    """Looks at the picture itself: focus may be drawn on a label or a pseudo-element, or move into view."""
    if html in _shown or stop is None:
        return stop is not None
    one = f"document.querySelector('[data-stop=\"{stop}\"]')"
    pictures = []
    for act in ("focus", "blur"):
        page.evaluate(f"{one}.{act}()")
        page.wait_for_timeout(200)  # some move into view
        pictures.append(page.screenshot(caret="hide"))
    if pictures[0] != pictures[1]:
        _shown.add(html)
    return pictures[0] != pictures[1]


def tab_through(page: Page) -> list[str]:
    """What is wrong on this page. Goes round twice: a page may put the focus in its middle (autofocus)."""
    names = page.evaluate(NUMBER_THEM)
    reached: set[int] = set()
    wrong: list[str] = []
    left = 0
    unclear: dict[str, str] = {}
    for _press in range(2 * len(names) + 20):
        page.keyboard.press("Tab")
        at = page.evaluate(WHERE)
        if at is None:
            left += 1
            if left == 2 or len(reached) == len(names):
                break
            continue
        if at["stop"] is not None:
            reached.add(int(at["stop"]))
        if not at["seen"]:
            unclear[at["html"]] = at["stop"]
        if not at["inView"]:
            wrong.append(f"focus is out of view: {at['html']}")
    if not left:
        wrong.append("focus never leaves the page")
    wrong += [
        f"focus does not show: {html}" for html, stop in unclear.items() if not focus_shows(page, html, stop)
    ]
    return wrong + [f"out of reach: {names[number]}" for number in set(range(len(names))) - reached]


@pytest.mark.parametrize("signed_in", [False, True], ids=["outside", "signed in"])
def test_every_page_by_keyboard(page: Page, portal: Any, signed_in: bool) -> None:
    if signed_in:
        sign_in(page)
    wrong = []
    for path in portal.pages():
        # A component's other examples (?eksempel=) take focus like its first.
        if "?" in path or (signed_in and path.startswith("/komponenter/")):
            continue
        page.goto(path)
        wrong += [f"{path}: {line}" for line in tab_through(page)]
    assert not wrong, "\n".join(wrong)


def test_first_tab_leads_past_the_menu(page: Page) -> None:
    page.goto("/")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.id") == "innhold"


def test_traps_and_unreachable_things_are_seen(page: Page) -> None:
    page.goto("/om/")
    page.evaluate("""() => {
        const [a, b] = [0, 1].map(() => document.createElement("button"));
        a.textContent = "a"; b.textContent = "b"; a.tabIndex = -1; document.body.append(a, b);
        b.addEventListener("keydown", e => e.preventDefault());
        for (const e of [b, document.querySelector("summary")])
            for (const name of ["outline", "box-shadow"]) e.style.setProperty(name, "none", "important");
    }""")
    wrong = tab_through(page)
    assert any(line.startswith("focus does not show: <summary") for line in wrong)
    assert "focus never leaves the page" in wrong
    assert any(line.startswith("out of reach: <button") for line in wrong)
