"""«Henvendelser»: those who wrote, the one that waits longest first; and one of them, to be answered."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from partnerships.access import get_for
from partnerships.current import current_membership, user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.sms import shown_number
from volunteers.forms.sign_up import AnswerForm, TakeInForm
from volunteers.models import SignUp
from volunteers.models.sign_up import SignUpOutcome
from volunteers.selectors.sign_up import like_her, may_answer, message_channel, sign_ups_here, who_answers
from volunteers.services.sign_up import sign_up_answer, sign_up_take_in

PER_PAGE = 30


@login_required
@require_safe
def sign_ups(request: HttpRequest) -> HttpResponse:
    """Those who wait; with `vis=besvart` those who had their answer."""
    user = user_of(request)
    if not may_answer(user):
        raise PermissionDenied
    here = sign_ups_here(user, current_membership(request)).select_related("opening__offer")
    answered = request.GET.get("vis") == "besvart"
    rows = (
        here.filter(answered_at__isnull=False).order_by("-answered_at", "-pk") if answered else here.waiting()
    )
    page = Paginator(rows, PER_PAGE).get_page(request.GET.get("page"))
    context = {
        "page_obj": page,
        "rows": page.object_list,
        "answered": answered,
        "waiting": here.waiting().count() if answered else page.paginator.count,
        "today": timezone.localdate(),
    }
    return render(request, "volunteers/sign_up/list.html", context)


@login_required
@require_safe
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    found = _found(request, pk)
    context = {
        "sign_up": found,
        "phone": shown_number(found.phone),
        "is_reached": message_channel(found) is not None,
        "who": who_answers(found),
        "interests": _labels(found, "interests"),
        "free": _labels(found, "free"),
        "is_late": found.answered_at is None and found.reply_by < timezone.localdate(),
        "breadcrumbs": _crumbs(),
    }
    return render(request, "volunteers/sign_up/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, pk: int) -> HttpResponse:
    """In words, and nothing more: a question is answered; somebody interested may be taken in instead."""
    found = _found(request, pk)
    form = AnswerForm(request.POST or None, button=_("Send svaret"))
    return _answer(request, found, form, SignUpOutcome.ANSWERED, _("Svar"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def not_now(request: HttpRequest, pk: int) -> HttpResponse:
    """A kind no, written beforehand in the language she reads."""
    found = _found(request, pk)
    with translation.override(found.language):
        text = _(
            "Takk for at du tok kontakt. Akkurat nå har vi ikke noe som passer, men vi er glade for at du "
            "ville. Se gjerne på nettsiden igjen, eller ring oss."
        )
    form = AnswerForm(request.POST or None, button=_("Send svaret"), initial={"text": text})
    return _answer(request, found, form, SignUpOutcome.NOT_NOW, _("Ble ikke aktuelt"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def take_in(request: HttpRequest, pk: int) -> HttpResponse:
    """Becomes a volunteer; where somebody here is like her, one says first whether it is the same."""
    found = _found(request, pk)
    like = list(like_her(found))
    with translation.override(found.language):
        text = _("Så fint at du vil være med! Vi tar kontakt og avtaler en prat. Hilsen %(who)s") % {
            "who": who_answers(found)
        }
    labels = {person.pk: _like(person) for person in like}
    form = TakeInForm(request.POST or None, like=like, labels=labels, initial={"text": text})
    if request.method == "POST" and form.is_valid():
        try:
            made = sign_up_take_in(
                sign_up=found, person=form.person(), text=form.cleaned_data["text"], by=user_of(request)
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Tatt inn. Nå er det noen å bli kjent med."))
            # What comes next stands on her own page.
            return redirect("volunteer", pk=made.pk)
    return _form(request, found, form, _("Ta inn som frivillig"))


def _answer(
    request: HttpRequest, found: SignUp, form: AnswerForm, outcome: SignUpOutcome, title: str
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            sign_up_answer(sign_up=found, text=text, outcome=outcome, by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            reached = message_channel(found) is not None
            messages.success(
                request,
                _("Svaret er sendt.") if reached else _("Svaret er lagret. Ring og si det også."),
            )
            return redirect("sign_ups")
    return _form(request, found, form, title)


def _form(request: HttpRequest, found: SignUp, form: Any, title: str) -> HttpResponse:
    reached = message_channel(found) is not None
    lead = (
        _("Svaret går til adressen i henvendelsen.")
        if reached
        else _(
            "Vi har bare et telefonnummer som ikke tar imot SMS. Ring, og lagre her hva dere ble enige om."
        )
    )
    context = {
        "sign_up": found,
        "form": form,
        "title": title,
        "lead": lead,
        "breadcrumbs": [*_crumbs(link=True, pk=found.pk), (title, "")],
    }
    return render(request, "volunteers/sign_up/answer.html", context)


def _found(request: HttpRequest, pk: int) -> SignUp:
    rows = SignUp.objects.select_related(
        "municipality__settings",
        "centre",
        "organisation",
        "opening__offer",
        "volunteer__person",
        "answered_by",
    )
    return get_for(user_of(request), Permission.VOLUNTEER_CONTACT, rows, pk=pk)


def _crumbs(*, link: bool = False, pk: int = 0) -> list[tuple[str, str]]:
    """Nobody's name: it stands on the page, not on the way to it."""
    own = (_("Henvendelse"), reverse("sign_up", args=[pk]) if link else "")
    return [(_("Henvendelser"), reverse("sign_ups")), own]


def _labels(found: SignUp, field: str) -> list[str]:
    of_field: Any = SignUp._meta.get_field(field)
    choices = dict(of_field.base_field.choices)
    return [str(choices[one]) for one in getattr(found, field) if one in choices]


def _like(person: Any) -> str:
    """Hidden details are not here either: anybody at all can write somebody's name from the open pages."""
    reach = "" if person.hide_contact else person.email or shown_number(person.phone)
    said = _("frivillig her") if hasattr(person, "volunteer") else _("kjent fra før")
    return ", ".join(filter(None, (person.name, reach, said)))
