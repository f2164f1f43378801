"""The day's anchor: one hash over where all chains stood, sealed. Not even whoever runs the database can then
write a chain anew without a root that others hold telling of it.

The first leaf is the root of the day before, so a day holds only chains that grew since; together they hold
all.
"""

import asyncio
from collections.abc import Sequence
from datetime import date, timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef

from agreements import chain
from agreements.certificate import sealer_now
from agreements.models import Anchor, SignEvent
from partnerships.models import MunicipalitySettings
from samskaping.core.mail import send_mail
from samskaping.core.models import Outbox
from samskaping.core.services.outbox import outbox_add_many, outbox_handler

KIND = "agreements.anchor"

# [envelope, head] of each chain that grew.
Head = tuple[int, str]
# Who was writing while the last one was made is in the next; to be in two does no harm.
_MARGIN = timedelta(hours=1)


@transaction.atomic
def anchor_make(day: date) -> Anchor | None:
    """None when the day has one already. Raises NoCertificate."""
    before = Anchor.objects.order_by("-day").first()
    if before is not None and before.day >= day:
        return None
    heads = _grown_since(before)
    root = root_of(before.root if before else chain.GENESIS, heads)
    made = Anchor(day=day, root=root, heads=heads, signature=signed(root))
    # Of two clocks the first has made it; the app may not lock what it may not change.
    Anchor.objects.bulk_create([made], ignore_conflicts=True)
    kept = Anchor.objects.filter(day=day, root=root).first()
    if kept is not None:
        _promise_mail(kept)
    return kept


@outbox_handler(KIND)
def send_anchor(row: Outbox) -> bool:
    """To a municipality's archive: a root that lies there is out of reach of whoever runs the portal."""
    anchor = Anchor.objects.defer("heads").filter(pk=row.payload["anchor"]).first()
    town = MunicipalitySettings.objects.select_related("municipality").get(pk=row.payload["settings"])
    if anchor is None or not town.archive_email:
        return False
    send_mail(
        row,
        to=town.archive_email,
        template="anchor",
        context={"anchor": anchor},
        language=town.language,
    )
    return True


def _promise_mail(anchor: Anchor) -> None:
    towns = dict(MunicipalitySettings.objects.exclude(archive_email="").values_list("pk", "municipality_id"))
    promises = {f"{anchor.day}:{pk}": {"anchor": anchor.pk, "settings": pk} for pk in towns}
    ids = {f"{anchor.day}:{pk}": municipality for pk, municipality in towns.items()}
    outbox_add_many(KIND, promises, municipality_ids=ids)


def root_of(before: str, heads: Sequence[Sequence[int | str]]) -> str:
    """Each leaf has the envelope's number in it: a head cannot be said to be another's."""
    leaves = [chain.digest(f"{envelope}:{head}".encode()) for envelope, head in heads]
    return chain.merkle_root([before, *leaves])


def signed(root: str) -> bytes:
    """A signature over the root as text (CMS, detached), which openssl can check."""
    made = asyncio.run(sealer_now().signer.async_sign_general_data(root.encode(), "sha256", detached=True))
    content: bytes = made.dump()
    return content


def anchors_of(envelope_id: int) -> list[Anchor]:
    """Those that hold this chain, oldest first, each with its day's timestamp at hand."""
    return list(
        Anchor.objects.filter(heads__contains=[[envelope_id]]).order_by("day").select_related("timestamp")
    )


def _grown_since(before: Anchor | None) -> list[Head]:
    """The last link of each chain that has a new one, by envelope."""
    later = SignEvent.objects.filter(envelope=OuterRef("envelope"), seq__gt=OuterRef("seq"))
    rows = SignEvent.objects.filter(~Exists(later)).order_by("envelope")
    if before is not None:
        rows = rows.filter(at__gt=before.made_at - _MARGIN)
    return list(rows.values_list("envelope", "hash"))
