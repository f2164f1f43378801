"""«/ide/»: anybody's idea, without an account; and what happens with it afterwards."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.forms.initiative import IdeaForm
from partnerships.initiative_messages import received_words
from partnerships.models.initiative import InitiativeState
from partnerships.public import contact_point, in_use, reply_by, usual_reply_days
from partnerships.selectors.words import municipality_name
from partnerships.services.initiative import initiative_from_token, initiative_give, initiative_token
from samskaping.accounts import limits
from samskaping.core.errors import DomainError, TooMany


@require_http_methods(["GET", "HEAD", "POST"])
def idea(request: HttpRequest) -> HttpResponse:
    """`?kommune=` chooses beforehand. Nothing is kept of who only looks."""
    towns = {town.number: town for town in in_use().order_by("name_key", "number")}
    asked = request.GET.get("kommune", "")
    only = next(iter(towns.values())) if len(towns) == 1 else None
    town = towns.get(asked) or only
    if not towns:
        return render(request, "partnerships/initiative/give.html", {"form": None, "town": None})
    form = IdeaForm(
        request.POST or None,
        towns=[(number, municipality_name(one)) for number, one in towns.items()],
        initial={"town": town.number if town else ""},
    )
    status = 200
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        chosen = only or towns[data["town"]]
        try:
            limits.write_in(request, data["reach"])
            made = initiative_give(
                municipality=chosen,
                title=data["title"],
                text=data["text"],
                area=data["area"],
                where=data["where"],
                giver=form.giver(),
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            status = 429 if isinstance(error, TooMany) else 200
        else:
            return redirect("idea_thanks", token=initiative_token(made))
    context = {
        "form": form,
        "town": town,
        "name": municipality_name(town) if town else "",
        "reply_by": reply_by(town, timezone.localdate()) if town else None,
        "days": usual_reply_days(town) if town else None,
    }
    return render(request, "partnerships/initiative/give.html", context, status=status)


@never_cache
@require_safe
def thanks(request: HttpRequest, token: str) -> HttpResponse:
    """Who answers and by when, and later the answer itself: the link is in her message too."""
    found = initiative_from_token(token)
    if found is None:
        return render(request, "partnerships/initiative/gone.html", status=410)
    title, lines = received_words(found)
    context = {
        "idea": found,
        "title": _("Du har fått svar") if found.state != InitiativeState.NEW else title,
        "lines": lines,
        "is_answered": found.state != InitiativeState.NEW,
        "contact": contact_point(found.municipality),
        "name": municipality_name(found.municipality),
    }
    return render(request, "partnerships/initiative/thanks.html", context)
