"""Pages whose words are data: om, personvern, tilgjengelighet."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from samskaping.core.markdown import to_html
from samskaping.core.models import ContentTemplate
from samskaping.core.selectors.content_template import content_template_current


@require_safe
def page(request: HttpRequest, key: str) -> HttpResponse:
    try:
        text = content_template_current(key).text()
    except ContentTemplate.DoesNotExist:
        raise Http404 from None
    return render(
        request,
        "pages/page.html",
        {"title": text["title"], "body": to_html(text["body"]), "text_language": text["language"]},
    )
