"""Limits on tries and sendings, per whatever the caller counts by."""

from datetime import timedelta

from django.db import connection
from django.db.models import F
from django.utils.crypto import salted_hmac
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from samskaping.core.errors import TooMany
from samskaping.core.models import RateLimit

_COUNT = """
INSERT INTO core_ratelimit (bucket, hits, until) VALUES (%s, 1, clock_timestamp() + make_interval(secs => %s))
ON CONFLICT (bucket) DO UPDATE SET
  hits = CASE WHEN core_ratelimit.until < clock_timestamp() THEN 1 ELSE core_ratelimit.hits + 1 END,
  until = CASE WHEN core_ratelimit.until < clock_timestamp()
               THEN clock_timestamp() + make_interval(secs => %s) ELSE core_ratelimit.until END
RETURNING hits, ceil(extract(epoch FROM until - clock_timestamp()))
"""


def rate_limit_hit(
    what: str, who: str, *, at_most: int, within: timedelta, sentence: str | Promise | None = None
) -> None:
    """Counts one more `what` by `who`; raises TooMany when it is one too many.

    One statement counts and reads, so two requests at the same moment cannot both be the last allowed.
    """
    with connection.cursor() as cursor:
        cursor.execute(_COUNT, [_bucket(what, who), within.total_seconds(), within.total_seconds()])
        hits, seconds = cursor.fetchone()
    if hits > at_most:
        raise TooMany(
            sentence or _("Det ble for mange forsøk. Vent litt, og prøv igjen."), seconds=int(seconds)
        )


def rate_limit_return(what: str, who: str) -> None:
    """Takes one count back: what was counted turned out to be right."""
    RateLimit.objects.filter(bucket=_bucket(what, who), hits__gt=0).update(hits=F("hits") - 1)


def _bucket(what: str, who: str) -> str:
    return salted_hmac(f"samskaping.rate_limit.{what}", who, algorithm="sha256").hexdigest()
