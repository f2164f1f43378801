"""An agreement that is over is kept while somebody may ask what was agreed; the archive is elsewhere."""

from datetime import datetime

from django.db.models import Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from agreements.models import Agreement
from samskaping.core.models import Municipality, StoredFile
from samskaping.core.retention import Rule, retention_rule


def register() -> None:
    retention_rule(
        Rule(
            "agreements",
            _("Avtaler som er gått ut eller avsluttet"),
            _("Nok til å se hva som var avtalt. Originalen hører hjemme i kommunens arkiv."),
            least_days=365,
            most_days=3650,
            find=_long_over,
            erase=_erase,
        )
    )


def _long_over(town: Municipality, before: datetime) -> QuerySet[Agreement]:
    day = timezone.localdate(before)
    return Agreement.objects.filter(
        Q(ended_on__lt=day) | Q(ended_on=None, ends_on__lt=day), municipality=town
    )


def _erase(rows: QuerySet[Agreement]) -> int:
    files = [pk for pk in rows.values_list("file", flat=True) if pk is not None]
    gone = rows.delete()[1].get("agreements.Agreement", 0)
    StoredFile.objects.filter(pk__in=files).delete()
    return gone
