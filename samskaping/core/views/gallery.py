"""/komponenter/: what pages are built from, for those who build. Only where DEVELOPER_PAGES is on."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.views.decorators.http import require_safe

from samskaping.core import gallery


@require_safe
def components(request: HttpRequest) -> HttpResponse:
    return render(request, "gallery/list.html", {"components": gallery.components().values()})


@require_safe
def component(request: HttpRequest, name: str) -> HttpResponse:
    """One component. Those that must stand alone on a page show one example at a time."""
    found = gallery.components().get(name)
    if found is None:
        raise Http404
    number = _number(request, len(found.examples)) if found.alone else None
    chosen = found.examples if number is None else [found.examples[number - 1]]
    examples = [
        (example.title, render_to_string(found.template, example.fresh_context(), request))
        for example in chosen
    ]
    return render(
        request,
        "gallery/component.html",
        {
            "component": found,
            "examples": examples,
            "number": number,
            # A component that brings the page's h1 leaves none for the gallery.
            "has_heading": any("<h1" in html for _, html in examples),
        },
    )


def _number(request: HttpRequest, highest: int) -> int:
    """The example asked for with ?eksempel=2, or the first."""
    wanted = request.GET.get("eksempel", "1")
    return int(wanted) if wanted.isdecimal() and 1 <= int(wanted) <= highest else 1
