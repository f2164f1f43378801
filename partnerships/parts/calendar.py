"""The calendar in the menu and in the trace, and the times of offers in it."""

from collections.abc import Iterator, Sequence
from uuid import UUID

from django.db.models import BooleanField, ExpressionWrapper, F, Q, Value
from django.db.models.functions import Coalesce, NullIf
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.models import Occurrence
from partnerships.selectors.offer import offers_here, own_offers
from samskaping.core.audit_words import audit_says
from samskaping.core.calendar_items import CalendarItem, Span, calendar_source
from samskaping.core.navigation import MenuItem, menu
from samskaping.core.once import address_of
from samskaping.core.one_query import Question, Row, as_moment

audit_says("calendar_feed_made", gettext_lazy("%(who)s laget en lenke til kalenderen sin"))
audit_says("calendar_feed_stopped", gettext_lazy("%(who)s stoppet en lenke til kalenderen sin"))


def register() -> None:
    menu.register(MenuItem(gettext_lazy("Kalender"), "calendar", 45))
    calendar_source("offers", occurrences, items)


def occurrences(span: Span) -> Question | None:
    viewer = span.viewer
    if viewer.membership is None:
        return None
    own = own_offers(viewer.user, viewer.membership, prefix="offer__")
    offers = offers_here(viewer.user, viewer.membership)
    times = span.covers(Occurrence.objects.filter(offer__among=offers.order_by().values("pk")))
    if span.only_own:
        times = times.filter(own)
    return Question(
        times.order_by(),
        pk="pk",
        title="offer__title",
        place=Coalesce(NullIf(F("place"), Value("")), F("offer__place")),
        starts_at="starts_at",
        ends_at="ends_at",
        uid="uid",
        sequence="sequence",
        changed_at="updated_at",
        is_cancelled=Q(cancelled_at__isnull=False),
        is_own=Coalesce(ExpressionWrapper(own, BooleanField()), Value(False)),
    )


def items(_span: Span, rows: Sequence[Row]) -> Iterator[CalendarItem]:
    kind, address = _("Tilbud"), address_of("occurrence")
    for row in rows:
        yield CalendarItem(
            starts_at=as_moment(row["starts_at"]),
            ends_at=as_moment(row["ends_at"]),
            title=row["title"],
            kind=kind,
            uid=UUID(row["uid"]),
            changed_at=as_moment(row["changed_at"]),
            sequence=row["sequence"],
            place=row["place"],
            url=address(row["pk"]),
            is_cancelled=row["is_cancelled"],
            is_own=row["is_own"],
        )
