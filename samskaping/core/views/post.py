"""/dev/post/: what the portal would have sent, where it is only tried out (DEMO_POST or DEVELOPER_PAGES)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from samskaping.core import post


@require_safe
@never_cache
def dev_post(request: HttpRequest) -> HttpResponse:
    return render(request, "dev/post.html", {"items": post.items(), "by_hand": post.by_hand()})
