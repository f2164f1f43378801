"""«Dette har vi sammen»: on the screen, on paper, and sent."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import get_language, ngettext
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.current import user_of
from partnerships.models import Membership, Organisation, Person
from partnerships.selectors.words import municipality_name
from samskaping.core import pdf
from samskaping.core.errors import DomainError
from samskaping.dashboards.forms.first_minutes import SendForm
from samskaping.dashboards.selectors.beginning import beginning_of
from samskaping.dashboards.selectors.together import together
from samskaping.dashboards.services.together import together_send
from samskaping.dashboards.views.first_minutes import steps_nav, whole_municipality
from samskaping.press.keeper import PressAway


@login_required
@require_safe
def sheet(request: HttpRequest) -> HttpResponse:
    municipality = whole_municipality(request)
    beginning = beginning_of(municipality)
    context = {
        "sheet": together(municipality),
        "has_lists": True,
        "place": municipality_name(municipality),
        "today": timezone.localdate(),
        "waits": beginning.minutes_wait,
        "steps": steps_nav(4) if beginning.minutes_wait else [],
        "actions": [
            {"label": _("Send"), "url": reverse("together_send"), "variant": "secondary"},
            {"label": _("Skriv ut (PDF)"), "url": reverse("together_pdf")},
        ],
    }
    return render(request, "dashboards/together/page.html", context)


@login_required
@require_safe
def sheet_pdf(request: HttpRequest) -> HttpResponse:
    municipality = whole_municipality(request)
    title, place = _("Dette har vi sammen"), municipality_name(municipality)
    context = {"sheet": together(municipality, on_paper=True), "sender": place, "today": timezone.localdate()}
    try:
        content = pdf.render("together", context, language=get_language() or "nb", title=title)
    except (pdf.PdfRefused, PressAway):
        messages.error(request, _("Vi klarte ikke å lage arket nå. Prøv igjen om litt."))
        return redirect("together")
    response = HttpResponse(content, content_type="application/pdf")
    response.headers["Content-Disposition"] = 'attachment; filename="dette-har-vi-sammen.pdf"'
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def send(request: HttpRequest) -> HttpResponse:
    municipality, user = whole_municipality(request), user_of(request)
    working = Membership.objects.current().filter(municipality=municipality).values("person")
    seen = Person.objects.visible_to(user).filter(municipality=municipality, pk__in=working)
    form = SendForm(
        request.POST or None,
        people=seen.exclude(email="").order_by("name_key"),
        organisations=Organisation.objects.filter(municipality=municipality, ended_at=None)
        .exclude(email="")
        .order_by("name_key"),
    )
    if request.method == "POST" and form.is_valid():
        try:
            count = together_send(
                municipality=municipality,
                people=form.cleaned_data.get("people", ()),
                organisations=form.cleaned_data.get("organisations", ()),
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            told = ngettext("Sendt til %(count)s.", "Sendt til %(count)s.", count) % {"count": count}
            messages.success(request, told if count else _("De har allerede fått oversikten i dag."))
            return redirect("together")
    context = {
        "form": form,
        "breadcrumbs": [(_("Dette har vi sammen"), reverse("together")), (_("Send"), "")],
    }
    return render(request, "dashboards/together/send.html", context)
