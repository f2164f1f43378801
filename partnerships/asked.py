"""What is asked about one partnership that somebody sees.

Parts of the portal make their questions once, with what is given below where values come. Its page asks them
all together (partnerships/page.py); elsewhere one is asked when it is needed. The answer stays with the
partnership that was read: whoever asks again gets the same rows.
"""

from collections.abc import Callable, Iterable
from typing import Any

from django.db.models import CharField, DateField, DateTimeField, QuerySet
from django.utils import timezone

from partnerships.models import Partnership
from samskaping.core.registries import Viewer
from samskaping.core.written import Given, Written, ask

HERE = Given("partnership")
TEMPLATE = Given("template", CharField())
# Who looks, and where she works now.
USER = Given("user")
TOWN = Given("municipality")
TODAY = Given("today", DateField())
NOW = Given("now", DateTimeField())


class Asked(Written):
    """`shown_to` says who may have the rows, of those who see the partnership: nobody else is read them."""

    def __init__(
        self,
        make: Callable[[], QuerySet[Any, Any]],
        *,
        shown_to: Callable[[Partnership, Viewer], bool] | None = None,
    ) -> None:
        super().__init__(make)
        self._shown_to = shown_to

    def of(self, partnership: Partnership, viewer: Viewer | None = None) -> list[Any]:
        """Raises ValueError without a viewer where it matters who looks."""
        return answers(partnership, [self], viewer)[0]

    def key(self, viewer: Viewer | None) -> Any:
        if self._shown_to is None:
            return self
        if viewer is None:
            raise ValueError("It matters who looks.")
        return self, viewer.user.pk

    def is_shown(self, partnership: Partnership, viewer: Viewer | None) -> bool:
        return self._shown_to is None or (viewer is not None and self._shown_to(partnership, viewer))


def answers(
    partnership: Partnership, questions: Iterable[Asked], viewer: Viewer | None = None
) -> list[list[Any]]:
    """The rows of each; those that are not known yet in one query."""
    asked = [(question.key(viewer), question) for question in questions]
    known: dict[Any, list[Any]] = partnership.__dict__.setdefault("_answers", {})
    unknown = {key: question for key, question in asked if key not in known}
    if unknown:
        shown = {key: one for key, one in unknown.items() if one.is_shown(partnership, viewer)}
        rows = ask([*shown.values()], _given(partnership, viewer))
        known |= {key: [] for key in unknown} | dict(zip(shown, rows, strict=True))
    return [known[key] for key, _question in asked]


def _given(partnership: Partnership, viewer: Viewer | None) -> dict[str, Any]:
    given: dict[str, Any] = {HERE.name: partnership.pk, TEMPLATE.name: partnership.template}
    given[NOW.name] = viewer.now if viewer is not None else timezone.now()
    if viewer is not None:
        membership = viewer.membership
        given[USER.name] = viewer.user.pk
        given[TOWN.name] = membership.municipality_id if membership is not None else None
        given[TODAY.name] = viewer.today
    return given
