"""A day of the calendar, written without templates: a month has forty, with hundreds of things on them."""

from collections.abc import Iterable

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from partnerships.selectors.calendar import Day
from samskaping.core.calendar_items import CalendarItem
from samskaping.core.working_days import OSLO

register = template.Library()


@register.simple_tag
def calendar_rows(items: Iterable[CalendarItem]) -> SafeString:
    """What there is, as the rows of a list: until when, where, and what it is too."""
    return mark_safe(_rows(items, full=True))  # noqa: S308 - escaped


@register.simple_tag
def calendar_square(day: Day, to_list: str) -> SafeString:
    """A day in the table of a month; `to_list` leads to all there is that month."""
    marks = "" if day.in_month else " data-outside"
    marks += " data-today" * day.is_today + " data-empty" * (not day.items)
    today = f'<span class="ds-sr-only"> {_("i dag")}</span>' if day.is_today else ""
    return mark_safe(  # noqa: S308 - escaped
        f'<td{marks}><span class="calendar__date">'
        f'<span class="calendar__long">{capfirst(day.words)}</span>'
        f'<span class="calendar__short" aria-hidden="true">{day.day.day}</span>{today}</span>'
        + (f'<ul class="plain">{_rows(day.items)}{_more(day, to_list)}</ul>' if day.items else "")
        + "</td>"
    )


def _more(day: Day, to_list: str) -> str:
    if not day.more:
        return ""
    more = ngettext("%(number)s til", "%(number)s til", day.more) % {"number": day.more}
    if day.in_month:
        of_day = f'<span class="ds-sr-only">: {day.words}</span>'
        more = f'<a class="ds-link" href="{escape(to_list)}#d{day.day.day}">{more}{of_day}</a>'
    return f"<li>{more}</li>"


def _rows(items: Iterable[CalendarItem], *, full: bool = False) -> str:
    def row(item: CalendarItem) -> str:
        marks = " data-cancelled" * item.is_cancelled + " data-own" * item.is_own
        clock, title = f"{item.starts_at.astimezone(OSLO):%H.%M}", f'dir="auto">{escape(item.title)}'
        link = (
            f'<a class="ds-link" href="{escape(item.url)}" {title}</a>'
            if item.url
            else f"<span {title}</span>"
        )
        more = ""
        if item.is_cancelled:
            more += f' <span class="ds-tag" data-size="sm" data-color="danger">{_("Avlyst")}</span>'
        if item.is_own:
            more += f'<span class="ds-sr-only"> {_("(din)")}</span>'
        if full:
            clock += f"–{item.ends_at.astimezone(OSLO):%H.%M}"
            more += f' <span class="muted" dir="auto">{escape(item.place)}</span>' if item.place else ""
            more += f' <span class="muted">{escape(item.kind)}</span>'
        return (
            f'<li><span class="calendar__item"{marks}><span class="calendar__clock">{clock}</span>'
            f" {link}{more}</span></li>"
        )

    return "".join(map(row, items))
