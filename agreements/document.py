"""What an agreement says: its sections with the values in them, and what is still empty.

The same content is what people preview, what is frozen and signed, and what is read on a phone.
"""

from dataclasses import dataclass

from django.utils import translation
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from agreements import chain
from agreements.clauses import OPENING, filled, names_in
from agreements.facts import Facts, values_for
from agreements.models import Agreement, AgreementSection
from agreements.placeholders import PLACEHOLDERS
from samskaping.core.markdown import clause_to_html


@dataclass(frozen=True)
class Shown:
    """A section as it is read. The introduction has no heading."""

    section: AgreementSection
    heading: str
    html: SafeString
    # Nothing is left of it, or it is left out: it does not stand in the document.
    is_empty: bool


@dataclass(frozen=True)
class Gap:
    """Something that stands empty: a placeholder by its name, or a section by its key."""

    name: str
    label: str
    section: AgreementSection
    is_section: bool = False


@dataclass(frozen=True)
class Content:
    title: str
    language: str
    # As they are named in the document.
    parties: tuple[str, ...]
    sections: tuple[tuple[str, SafeString], ...]
    # Frozen only when there are none.
    gaps: tuple[Gap, ...]
    # What it was made of, as canonical JSON.
    snapshot: str
    # All of them, also those that are left out: for the page it is written on.
    shown: tuple[Shown, ...] = ()


def content_of(agreement: Agreement) -> Content:
    """In the agreement's own language, with the values as they are now. Some fifteen queries at the most.

    `agreement` has its municipality, partnership and person joined, and `parties` and `skipped` at hand
    (selectors/draft.py: `with_content`).
    """
    sections = list(agreement.sections.all())
    standing = [section for section in sections if not section.left_out_because]
    names = names_in("\n".join(section.text for section in standing), PLACEHOLDERS)
    skipped = {gap.name for gap in agreement.skipped.all()}
    required = required_keys(agreement)
    with translation.override(agreement.language):
        facts = Facts(agreement)
        values = values_for(facts, names)
        missing = {name: _("mangler: %(what)s") % {"what": PLACEHOLDERS[name]} for name in names}
        shown = []
        for section in sections:
            text = filled(section.text, values, skipped=skipped, missing=missing)
            gone = bool(section.left_out_because) or not text
            shown.append(Shown(section, section.heading, clause_to_html(text), gone))
    gaps = []
    for section in standing:
        empty = [name for name in names_in(section.text, values) if values[name] is None]
        gaps += [Gap(name, str(PLACEHOLDERS[name]), section) for name in empty if name not in skipped]
        if not section.text.strip() and section.key in required and section.key not in skipped:
            gaps.append(Gap(section.key, section.heading, section, is_section=True))
    snapshot = {
        "title": agreement.title,
        "language": agreement.language,
        "parties": [actor.name for actor in facts.parties],
        "starts_on": str(agreement.starts_on or ""),
        "ends_on": str(agreement.ends_on or ""),
        "values": {name: value.data if value else None for name, value in values.items()},
        "skipped": sorted(skipped),
        "sections": [[each.key, each.heading, each.text, each.left_out_because] for each in sections],
    }
    return Content(
        title=agreement.title,
        language=agreement.language,
        parties=tuple(actor.name for actor in facts.parties),
        sections=tuple((each.heading, each.html) for each in shown if not each.is_empty),
        gaps=_once(gaps),
        snapshot=chain.canonical(snapshot).decode(),
        shown=tuple(shown),
    )


def required_keys(agreement: Agreement) -> set[str]:
    """The sections that the text it began with says have to be there."""
    if agreement.template is None:
        return set()
    return {each["key"] for each in agreement.template.data["sections"] if each.get("required")} | {OPENING}


def _once(gaps: list[Gap]) -> tuple[Gap, ...]:
    """A name that stands in two sections is asked for once."""
    return tuple({gap.name: gap for gap in reversed(gaps)}.values())[::-1]
