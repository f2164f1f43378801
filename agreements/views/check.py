"""«Er denne avtalen ekte?» for anybody: no sign-in, no names."""

import logging
from datetime import timedelta
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from agreements import control_code
from agreements.forms.check import CheckForm
from agreements.selectors.check import Found, Known, known_by_code, known_by_hash
from agreements.verify import Verdict
from samskaping.accounts.limits import network_of
from samskaping.core.errors import TooMany
from samskaping.core.services.rate_limit import rate_limit_hit

logger = logging.getLogger(__name__)

# A code has a hundred random bits: this is about load, not about guessing.
PER_NETWORK, WITHIN = 60, timedelta(minutes=10)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def check(request: HttpRequest) -> HttpResponse:
    form = CheckForm(request.POST or None, request.FILES or None)
    if request.method != "POST" or not form.is_valid():
        return _page(request, "agreements/check/form.html", {"form": form})
    if form.cleaned_data["sha256"]:
        return _file(request, form.cleaned_data["sha256"])
    return redirect("check_code", code=control_code.shown(form.cleaned_data["code"]))


@never_cache
@require_safe
def check_code(request: HttpRequest, code: str) -> HttpResponse:
    known = known_by_code(control_code.read(code), timezone.localdate())
    if known is None:
        return _unknown(request, status=404)
    return _result(request, known, None)


def _file(request: HttpRequest, sha256: str) -> HttpResponse:
    try:
        _count(request)
    except TooMany as limit:
        return _too_many(request, limit)
    found = known_by_hash(sha256, timezone.localdate())
    if found is None:
        return _page(request, "agreements/check/unknown.html", {"by_file": True})
    if found.verdict is Verdict.BROKEN:
        logger.error("a locked agreement of ours does not hold")
    return _result(request, found.known, found)


def _result(request: HttpRequest, known: Known, found: Found | None) -> HttpResponse:
    return _page(request, "agreements/check/result.html", {"known": known, "found": found})


def _unknown(request: HttpRequest, *, status: int) -> HttpResponse:
    try:
        _count(request)
    except TooMany as limit:
        return _too_many(request, limit)
    return _page(request, "agreements/check/unknown.html", {"by_file": False}, status=status)


def _too_many(request: HttpRequest, limit: TooMany) -> HttpResponse:
    context = {"form": CheckForm(), "problem": str(limit.sentence)}
    response = _page(request, "agreements/check/form.html", context, status=429)
    response.headers["Retry-After"] = str(limit.seconds)
    return response


def _count(request: HttpRequest) -> None:
    rate_limit_hit("agreement_check", network_of(request), at_most=PER_NETWORK, within=WITHIN)


def _page(request: HttpRequest, template: str, context: dict[str, Any], *, status: int = 200) -> HttpResponse:
    response = render(request, template, context, status=status)
    # A code is known to those who have the paper; no search engine is one of them.
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
