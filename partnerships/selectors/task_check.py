"""«Kan frivillige gjøre dette?»: what the answers come to, and what was answered before.

The questions and the rules are data (core/data/content/task_check): here is only how they are read.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.utils.safestring import SafeString
from django.utils.translation import get_language

from partnerships.asked import HERE, Asked
from partnerships.models import Partnership, TaskCheck
from partnerships.models.task_check import TaskOutcome
from samskaping.accounts.models import User
from samskaping.core.markdown import to_html
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.models.content_template import ContentKind
from samskaping.core.selectors.content_template import content_template_current

QUESTIONS = "kan-frivillige"
YES, NO, UNSURE = "yes", "no", "unsure"
# From the lightest to the heaviest: the heaviest that applies is the outcome.
_WEIGHT = (TaskOutcome.YES, TaskOutcome.YES_WHEN_AGREED, TaskOutcome.CLARIFY_FIRST, TaskOutcome.MUNICIPAL)
PRECEDENTS_SHOWN = 3


@dataclass(frozen=True)
class Verdict:
    outcome: TaskOutcome
    because: tuple[str, ...]
    clarify_with: str
    requirements: tuple[str, ...]
    conditions: tuple[str, ...]
    law: tuple[str, ...]


@dataclass(frozen=True)
class Law:
    title: str
    body: SafeString
    act: str
    section: str
    link_text: str
    language: str


def in_words(texts: Mapping[str, Any]) -> Any:
    """In the language of the page, else in bokmål."""
    return texts.get(get_language() or "nb") or texts["nb"]


def questions_now(municipality: Municipality) -> ContentTemplate:
    return content_template_current(QUESTIONS, municipality=municipality)


def asked(data: Mapping[str, Any], variants: Collection[str]) -> list[dict[str, Any]]:
    """The five plain questions, and those of the variants that apply."""
    return [
        question
        for question in data["questions"]
        if not question["variant"] or question["variant"] in variants
    ]


def verdict_of(data: Mapping[str, Any], variants: Collection[str], answers: Mapping[str, str]) -> Verdict:
    """A rule applies when all it names is answered so; what one is unsure of is clarified first."""
    rules = [
        rule
        for rule in data["rules"]
        if (not rule["variant"] or rule["variant"] in variants)
        and all(answers.get(key) == answer for key, answer in rule["when"].items())
    ]
    outcomes = [TaskOutcome(rule["outcome"]) for rule in rules]
    because = [in_words(rule["because"]) for rule in rules]
    if any(answers.get(question["key"]) == UNSURE for question in asked(data, variants)):
        outcomes.append(TaskOutcome.CLARIFY_FIRST)
        because.append(in_words(data["unsure"]))
    outcome = max(outcomes, key=_WEIGHT.index, default=TaskOutcome.YES)
    with_whom = [in_words(rule["clarify_with"]) for rule in rules if "clarify_with" in rule]
    return Verdict(
        outcome=outcome,
        because=_once(because) or (in_words(data["yes"]),),
        clarify_with=(", ".join(_once(with_whom)) or in_words(data["clarify_with"]))
        if outcome == TaskOutcome.CLARIFY_FIRST
        else "",
        requirements=_once(key for rule in rules for key in rule["requirements"]),
        conditions=_once(in_words(data["conditions"][key]) for rule in rules for key in rule["conditions"]),
        law=_once(key for rule in rules for key in rule["law"]),
    )


def laws(keys: Iterable[str], municipality: Municipality) -> list[Law]:
    """What the references say in plain words; one that is gone is left out."""
    keys = list(keys)
    found: dict[str, ContentTemplate] = {}
    rows = ContentTemplate.objects.filter(kind=ContentKind.LAW_REFERENCE, key__in=keys)
    # The municipality's own wording before ours, the newest of each.
    for row in rows.filter(Q(municipality=None) | Q(municipality=municipality)).order_by(
        "municipality", "-version"
    ):
        found.setdefault(row.key, row)
    return [_law(found[key]) for key in keys if key in found]


def checks_of(partnership: Any) -> QuerySet[TaskCheck]:
    """Those that hold, the newest first."""
    return TaskCheck.objects.filter(partnership=partnership, replaced_by=None)


# In short, as the partnership's page shows them.
CHECKS = Asked(lambda: checks_of(HERE).only("partnership", "task", "outcome", "clarify_with"))


def precedents(
    user: User, municipality: Municipality, *, partnership: Partnership | None, variants: Collection[str] = ()
) -> list[TaskCheck]:
    """How it was decided elsewhere in the municipality, of what she may see: the same kind first of all."""
    alike = Q(variants__overlap=list(variants)) if variants else Q()
    found = TaskCheck.objects.visible_to(user).filter(alike, municipality=municipality, replaced_by=None)
    if partnership is not None:
        found = found.exclude(partnership=partnership)
        if partnership.template and not variants:
            same = found.filter(partnership__template=partnership.template)
            found = same if same.exists() else found
    return list(found.select_related("partnership")[:PRECEDENTS_SHOWN])


def _law(row: ContentTemplate) -> Law:
    text = row.text()
    return Law(
        title=text["title"],
        body=to_html(text["body"]),
        act=row.data["act"],
        section=row.data["section"],
        link_text=in_words(row.data["link_text"]),
        language=text["language"],
    )


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
