"""Loads what every installation has in common: counties, municipalities and our texts. Safe to run again."""

import csv
import json
from collections import defaultdict
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.db import transaction

from samskaping.core.models import ContentTemplate, County, Municipality, RetentionRule
from samskaping.core.models.content_template import ContentKind
from samskaping.core.text import sort_key

DATA = Path(__file__).resolve().parent.parent / "data"
# What apps load beside this, registered from `AppConfig.ready()`: core imports none of them.
_loaders: dict[str, Callable[[], None]] = {}
LANGUAGE_FORMS = {"bokmål": "nb", "nynorsk": "nn", "nøytral": "neutral"}


@dataclass
class ReferenceReport:
    municipalities: int = 0
    texts: int = 0
    new_texts: list[str] = field(default_factory=list)


def reference_loads(name: str, load: Callable[[], None]) -> None:
    """`load` may run again. Raises ValueError when the name is taken."""
    if name in _loaders:
        message = f"There is a loader called {name!r} already."
        raise ValueError(message)
    _loaders[name] = load


@transaction.atomic
def reference_load() -> ReferenceReport:
    report = ReferenceReport()
    report.municipalities = _load_municipalities()
    _load_periods()
    for text in _read_texts():
        report.texts += 1
        if _load_text(**text):
            report.new_texts.append(text["key"])
    for load in _loaders.values():
        load()
    return report


def _load_municipalities() -> int:
    with (DATA / "kommuner.csv").open(encoding="utf-8", newline="") as source:
        rows = list(csv.DictReader(source))
    County.objects.bulk_create(
        [
            County(number=number, name=name)
            for number, name in {(r["county_number"], r["county"]) for r in rows}
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name"],
    )
    counties = {county.number: county for county in County.objects.all()}
    Municipality.objects.bulk_create(
        [
            Municipality(
                number=row["number"],
                name=row["name"],
                name_key=sort_key(row["name"]),
                county=counties[row["county_number"]],
                language_form=LANGUAGE_FORMS[row["language_form"]],
                population=int(row["population"]),
                centrality=int(row["centrality"]),
            )
            for row in rows
        ],
        update_conflicts=True,
        unique_fields=["number"],
        update_fields=["name", "name_key", "county", "language_form", "population", "centrality"],
    )
    return len(rows)


def _load_periods() -> None:
    """Ours; a municipality's own stay as they are."""
    with (DATA / "retention.csv").open(encoding="utf-8", newline="") as source:
        for row in csv.DictReader(source):
            RetentionRule.objects.update_or_create(
                key=row["key"], municipality=None, defaults={"keep_days": int(row["keep_days"])}
            )


def _read_texts() -> list[dict[str, Any]]:
    """Our texts as they lie in data/content/<kind>/<key>.<language>.md, <key>.json beside them.

    The first line of a file is its title. The editor of a text needs no Python.
    """
    found: list[dict[str, Any]] = []
    for kind in ContentKind:
        texts: dict[str, dict[str, dict[str, str]]] = defaultdict(dict)
        for path in sorted((DATA / "content" / kind.value).glob("*.md")):
            key, language, _suffix = path.name.rsplit(".", 2)
            title, _break, body = path.read_text(encoding="utf-8").partition("\n")
            texts[key][language] = {"title": title.removeprefix("# ").strip(), "body": body.strip()}
        for key, languages in texts.items():
            extra = DATA / "content" / kind.value / f"{key}.json"
            data = json.loads(extra.read_text(encoding="utf-8")) if extra.exists() else {}
            found.append({"key": key, "kind": kind, "texts": languages, "data": data})
    return found


def _load_text(*, key: str, kind: ContentKind, texts: dict[str, Any], data: dict[str, Any]) -> bool:
    """Our newest version of a text becomes the one in the files; true when something was written.

    A version somebody has used stays as it was, and the change becomes the next version.
    """
    newest = ContentTemplate.objects.filter(key=key, municipality=None).order_by("-version").first()
    if newest and (newest.kind, newest.texts, newest.data) == (kind.value, texts, data):
        return False
    if newest and newest.first_used_at is None:
        newest.kind, newest.texts, newest.data = kind, texts, data
        newest.save()
    else:
        ContentTemplate.objects.create(
            key=key,
            kind=kind,
            texts=texts,
            data=data,
            version=newest.version + 1 if newest else 1,
            based_on=newest,
        )
    return True
