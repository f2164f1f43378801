"""How often somebody tried. In PostgreSQL, so that limits hold when Redis is away."""

from django.db import models


class RateLimit(models.Model):
    """One counter. `bucket` is a keyed hash: the row does not tell whose address it counts."""

    bucket = models.CharField(primary_key=True, max_length=64)
    hits = models.PositiveIntegerField()
    until = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name = "teller"
        verbose_name_plural = "tellere"

    def __str__(self) -> str:
        return self.bucket[:8]
