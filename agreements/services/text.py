"""A municipality's, a club's or a centre's own wording of a text that agreements begin with."""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.db import transaction
from django.utils.text import slugify
from django.utils.translation import gettext as _

from agreements.clauses import OPENING, Clause, body_of, clauses_of, unknown_names
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.text import Owner, may_change, owner_name, owners_for
from samskaping.accounts.models import User
from samskaping.core.errors import DomainError, StateChanged
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.services.audit import audit_record


@transaction.atomic
def text_adapt(
    *, text: ContentTemplate, municipality: Municipality, owner: Owner | None, by: User
) -> ContentTemplate:
    """A copy to change. Raises DomainError for an owner that is not hers, StateChanged when there is one."""
    if owner not in owners_for(municipality, by):
        raise DomainError(_("Du kan ikke tilpasse tekster her."))
    key = f"{text.key}-{slugify(owner_name(owner).replace(':', '-'))}"[:80] if owner else text.key
    _lock(municipality)
    if ContentTemplate.objects.filter(key=key, municipality=municipality).exists():
        raise StateChanged(_("Dere har alt tilpasset denne teksten."))
    data = {name: value for name, value in text.data.items() if name != "owner"}
    copy = ContentTemplate.objects.create(
        key=key,
        kind=text.kind,
        municipality=municipality,
        based_on=text,
        texts=_called(text.texts, owner),
        data={**data, "owner": owner_name(owner)} if owner else data,
    )
    audit_record("agreement_text_adapted", copy, by=by, data={"key": key})
    return copy


@transaction.atomic
def text_change(
    *,
    text: ContentTemplate,
    seen: str,
    language: str,
    title: str,
    clauses: Sequence[Clause],
    new: Clause | None,
    by: User,
) -> ContentTemplate:
    """One language of it worded anew, as a next version where somebody has begun with this one.

    A section without a text is left out of the drafts. Raises StateChanged when somebody changed it since
    `seen` (`fingerprint`), and DomainError for a name the portal cannot fill.
    """
    assert text.municipality is not None  # noqa: S101 - may_change says so of ours
    if not may_change(text, text.municipality, by):
        raise DomainError(_("Du kan ikke endre denne teksten."))
    _lock(text.municipality)
    newest = ContentTemplate.objects.filter(key=text.key, municipality=text.municipality).latest("version")
    if fingerprint(newest) != seen:
        raise StateChanged(_("Noen andre endret teksten mens du skrev. Se over, og lagre på nytt."))
    odd = unknown_names("\n".join(each.text for each in [*clauses, *([new] if new else [])]), PLACEHOLDERS)
    if odd:
        raise DomainError(_("Vi kan ikke fylle ut %(names)s.") % {"names": ", ".join(odd)})
    texts, data = dict(newest.texts), newest.data
    texts[language] = {"title": title, "body": body_of(clauses)}
    if new is not None:
        texts, data = _with_section(texts, data, new)
    if newest.first_used_at is None:
        newest.texts, newest.data = texts, data
        newest.save(update_fields=["texts", "data"])
        changed = newest
    else:
        changed = ContentTemplate.objects.create(
            key=newest.key,
            kind=newest.kind,
            municipality=newest.municipality,
            based_on=newest,
            version=newest.version + 1,
            texts=texts,
            data=data,
        )
    audit_record("agreement_text_changed", changed, by=by, data={"key": text.key, "language": language})
    return changed


def fingerprint(text: ContentTemplate) -> str:
    """What was read: another one means that somebody saved since."""
    return hashlib.sha256(json.dumps([text.texts, text.data], sort_keys=True).encode()).hexdigest()


def _with_section(
    texts: dict[str, Any], data: dict[str, Any], new: Clause
) -> tuple[dict[str, Any], dict[str, Any]]:
    """In every language, so that they stay alike; the others are translated when somebody comes to it."""
    number = 1 + sum(section["key"].startswith("eget-") for section in data["sections"])
    clause = replace(new, key=f"eget-{number}")
    at = len(data["sections"]) - (data["sections"][-1]["key"] == "signatur")
    made = {}
    for language, text in texts.items():
        found = clauses_of(text["body"], data)
        begins = 1 if found and found[0].key == OPENING else 0
        made[language] = {**text, "body": body_of([*found[: at + begins], clause, *found[at + begins :]])}
    section = {"key": clause.key, "required": False, "sources": []}
    sections = [*data["sections"][:at], section, *data["sections"][at:]]
    return made, {**data, "sections": sections}


def _called(texts: dict[str, Any], owner: Owner | None) -> dict[str, Any]:
    if owner is None:
        return texts
    return {
        language: {**text, "title": f"{text['title']} ({owner.name})"} for language, text in texts.items()
    }


def _lock(municipality: Municipality) -> None:
    """Two who adapt the same text at once: one copy."""
    Municipality.objects.select_for_update(no_key=True).get(pk=municipality.pk)
