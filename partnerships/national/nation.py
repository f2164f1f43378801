"""How big each municipality is, and how its rows are written."""

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cached_property
from random import Random
from typing import Any

from django.db import models
from django.utils import timezone

from partnerships.national.copying import copy_rows
from samskaping.core.models import Municipality

# In a whole nation (performance.md): the largest municipality has 7 % of it, one of the others some 400.
PARTNERSHIPS = 30_000
LARGEST = 0.07
AT_ONCE = 5_000
# What every address of the nation ends with: how its municipalities are told from real ones in use.
DOMAIN = "@nasjon.example"


class Nation:
    """`random` gives the same nation every time."""

    def __init__(self, scale: float) -> None:
        self.scale = scale
        self.random = Random(357)  # noqa: S311 - nothing secret: the same rows every time
        self.today = timezone.localdate()
        self.written: dict[str, int] = {}

    @cached_property
    def municipalities(self) -> list[Municipality]:
        return list(Municipality.objects.filter(is_demo=False).order_by("-population", "number"))

    @cached_property
    def partnerships(self) -> dict[int, int]:
        """How many each has: by its inhabitants, the largest at most LARGEST, every one at least one."""
        people = sum(m.population for m in self.municipalities)
        return {
            m.pk: max(1, round(PARTNERSHIPS * self.scale * min(LARGEST, 1.06 * m.population / people)))
            for m in self.municipalities
        }

    def has(self, rows: "models.QuerySet[Any]") -> bool:
        """Whether these are there for the nation already; the demo's own do not count."""
        return rows.filter(municipality__is_demo=False).exists()

    def write(self, model: type[models.Model], rows: Iterable[Any]) -> list[Any]:
        made = list(rows)
        for start in range(0, len(made), AT_ONCE):
            copy_rows(model, made[start : start + AT_ONCE])
        self.written[model.__name__] = self.written.get(model.__name__, 0) + len(made)
        return made

    def days_ago(self, most: int) -> date:
        return self.today - timedelta(days=self.random.randrange(1, most))

    def days_on(self, most: int) -> date:
        return self.today + timedelta(days=self.random.randrange(1, most))
