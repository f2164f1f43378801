"""One organisation, centre or unit: its page, what stands about it, whom to ring, and its end."""

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import current_municipality, user_of
from partnerships.forms.actor import CONDITION_QUESTIONS, FORMS, ActorForm, ContactForm, NumberForm
from partnerships.models import Contact, Organisation, Unit, VolunteerCentre
from partnerships.models.actors import RegisterState
from partnerships.organisation_number import shown_organisation_number
from partnerships.register.client import RegisterAway
from partnerships.register.mapping import STATE_SENTENCES
from partnerships.selectors.actor import area_names, category_words, contacts_of, partnerships_of
from partnerships.selectors.history import history_of
from partnerships.selectors.register import look_up_here
from partnerships.services.actor_contact import contact_add, contact_remove
from partnerships.services.actor_edit import actor_add, actor_change, actor_end, actor_resume
from partnerships.services.register import organisation_check
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.models import Municipality
from samskaping.core.sms import shown_number

KINDS: dict[str, Any] = {"lag": Organisation, "sentraler": VolunteerCentre, "enheter": Unit}
LISTS = {"lag": "organisations", "sentraler": "centres", "enheter": "units"}
_SLUGS = {model: slug for slug, model in KINDS.items()}
_HISTORY = {"lag": "organisasjon", "sentraler": "frivilligsentral", "enheter": "enhet"}


def list_label(slug: str) -> str:
    return {"lag": _("Lag og organisasjoner"), "sentraler": _("Frivilligsentraler"), "enheter": _("Enheter")}[
        slug
    ]


def page_of(actor: Any) -> str:
    return reverse("actor", args=[_SLUGS[type(actor)], actor.pk])


@login_required
@require_safe
def actor(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    user = user_of(request)
    found: Any = get_visible(user, _rows(slug), pk=pk)
    access = access_of(user)
    may_edit = access.covers(Permission.ACTOR_EDIT, found)
    contacts = contacts_of(found, user)
    history = history_of(found, user) if access.covers(Permission.HISTORY_READ, found) else None
    context = {
        "actor": found,
        "slug": slug,
        "facts": _facts(found),
        "texts": _texts(found),
        "conditions": _conditions(found),
        "contacts": contacts,
        "sees_contacts": access.may(Permission.CONTACT_READ, municipality_id=found.municipality_id),
        "has_room": len(contacts) < 2,
        "partnerships": partnerships_of(found, user),
        "register": _register(found),
        "children": list(found.children.filter(ended_at=None)) if isinstance(found, Unit) else [],
        "may_edit": may_edit,
        "tags": [{"text": _("Avsluttet"), "color": "neutral"}] if found.ended_at else [],
        "actions": [{"label": _("Endre"), "url": reverse("actor_edit", args=[slug, pk])}] if may_edit else [],
        "history": history,
        "history_slug": _HISTORY[slug],
        "breadcrumbs": crumbs(slug, found),
    }
    return render(request, "partnerships/actor/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, slug: str) -> HttpResponse:
    """By number, filled in from the register, or by hand; both end in the same form."""
    municipality = _may_add(request, slug)
    initial, told = _from_register(request, slug, municipality)
    form = _form(request, slug, municipality, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = actor_add(
                KINDS[slug], municipality=municipality, fields=form.fields_given(), by=user_of(request)
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("%(name)s er lagt inn.") % {"name": made.name})
            return redirect(page_of(made))
    context = {
        "form": form,
        "slug": slug,
        "title": {
            "lag": _("Legg inn et lag"),
            "sentraler": _("Legg inn en frivilligsentral"),
            "enheter": _("Legg inn en enhet"),
        }[slug],
        "number_form": NumberForm(initial={"number": request.GET.get("number", "")}, auto_id="ask_%s")
        if slug == "lag"
        else None,
        "told": told,
        "breadcrumbs": [*crumbs(slug), (_("Legg inn"), "")],
    }
    return render(request, "partnerships/actor/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found, user = _editable(request, slug, pk), user_of(request)
    form = _form(request, slug, found.municipality, actor=found)
    if request.method == "POST" and form.is_valid():
        try:
            saved = form.saved_by(
                lambda version: actor_change(
                    actor=found, version=version, changes=form.fields_given(), by=user
                ),
                user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            if saved:
                messages.success(request, _("Opplysningene er lagret."))
                return redirect(page_of(found))
    context = {
        "form": form,
        "slug": slug,
        "title": _("Endre %(name)s") % {"name": found.name},
        "breadcrumbs": [*crumbs(slug, found, linked=True), (_("Endre"), "")],
    }
    return render(request, "partnerships/actor/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _editable(request, slug, pk)
    if request.method == "POST":
        try:
            actor_end(actor=found, by=user_of(request))
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("%(name)s er avsluttet.") % {"name": found.name})
        return redirect(page_of(found))
    running = partnerships_of(found, user_of(request))
    context = {
        "title": _("Avslutte %(name)s?") % {"name": found.name},
        "text": _("Det som er gjort sammen, står igjen. Du kan ta det opp igjen når som helst."),
        "consequences": [
            _("Navnet kommer ikke lenger opp når noen skal velge."),
            *([_("Det er med i samarbeid som ikke er avsluttet. De fortsetter som før.")] if running else []),
        ],
        "action": _("Avslutt"),
        "cancel_url": page_of(found),
        "danger": True,
    }
    return render(request, "confirm.html", context)


@login_required
@require_POST
def resume(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _editable(request, slug, pk)
    try:
        actor_resume(actor=found, by=user_of(request))
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        messages.success(request, _("%(name)s er i bruk igjen.") % {"name": found.name})
    return redirect(page_of(found))


@login_required
@require_POST
def check(request: HttpRequest, pk: int) -> HttpResponse:
    """Asks the register again. The answer comes by itself; nobody waits for it."""
    found = _editable(request, "lag", pk)
    organisation_check(organisation=found)
    messages.success(request, _("Vi spør registeret. Svaret står her om et øyeblikk."))
    return redirect(page_of(found))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact(request: HttpRequest, slug: str, pk: int) -> HttpResponse:
    found = _editable(request, slug, pk)
    form = ContactForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            contact_add(actor=found, **form.cleaned_data, by=user_of(request))
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Kontakten er lagt til."))
            return redirect(page_of(found))
    context = {
        "form": form,
        "slug": slug,
        "title": _("Kontakt for %(name)s") % {"name": found.name},
        "breadcrumbs": [*crumbs(slug, found, linked=True), (_("Kontakt"), "")],
    }
    return render(request, "partnerships/actor/edit.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def contact_end(request: HttpRequest, pk: int) -> HttpResponse:
    contacts = Contact.objects.filter(party=None).select_related(
        "person", "unit", "centre", "organisation", "municipality"
    )
    found = get_for(user_of(request), Permission.ACTOR_EDIT, contacts, pk=pk)
    back = page_of(found.unit or found.centre or found.organisation)
    if request.method == "POST":
        contact_remove(contact=found, by=user_of(request))
        messages.success(request, _("Kontakten er tatt bort."))
        return redirect(back)
    context = {
        "title": _("Ta bort %(name)s som kontakt?") % {"name": found.person.name},
        "action": _("Ta bort"),
        "cancel_url": back,
    }
    return render(request, "confirm.html", context)


def crumbs(slug: str, found: Any = None, *, linked: bool = False) -> list[tuple[str, str]]:
    own = [] if found is None else [(found.name, page_of(found) if linked else "")]
    return [(_("Folk og lag"), reverse("actors")), (list_label(slug), reverse(LISTS[slug])), *own]


def _rows(slug: str) -> QuerySet[Any]:
    rows: QuerySet[Any] = KINDS[slug]._default_manager.select_related("municipality__settings")
    return rows.select_related("parent") if slug == "enheter" else rows


def _editable(request: HttpRequest, slug: str, pk: int) -> Any:
    return get_for(user_of(request), Permission.ACTOR_EDIT, _rows(slug), pk=pk)


def _may_add(request: HttpRequest, slug: str) -> Municipality:
    """Units also by whoever has units of her own to put them under. Raises PermissionDenied."""
    municipality, access = current_municipality(request), access_of(user_of(request))
    if municipality is None:
        raise PermissionDenied
    whole = municipality.pk in access.municipalities_all(Permission.ACTOR_EDIT)
    own_units = slug == "enheter" and _own_units(request, municipality).exists()
    if not (whole or own_units):
        raise PermissionDenied
    return municipality


def _own_units(request: HttpRequest, municipality: Municipality) -> QuerySet[Unit]:
    own = access_of(user_of(request)).own(Permission.ACTOR_EDIT).unit_ids
    return Unit.objects.filter(municipality=municipality, pk__in=own, ended_at=None)


def _form(
    request: HttpRequest, slug: str, municipality: Municipality, *, actor: Any = None, **more: Any
) -> ActorForm:
    if slug == "enheter":
        more |= _parents(request, municipality, actor)
    return FORMS[KINDS[slug]](request.POST or None, municipality=municipality, actor=actor, **more)


def _parents(request: HttpRequest, municipality: Municipality, unit: Unit | None) -> dict[str, Any]:
    """Who answers for the whole municipality puts a unit anywhere; others under their own."""
    access = access_of(user_of(request))
    whole = municipality.pk in access.municipalities_all(Permission.ACTOR_EDIT)
    anywhere = Unit.objects.filter(municipality=municipality, ended_at=None)
    own = _own_units(request, municipality)
    if unit is not None and unit.parent_id is not None:
        # Where it lies now it may stay, whoever edits the rest.
        own = own | Unit.objects.filter(pk=unit.parent_id)
    parents = anywhere if whole else own
    top = unit is not None and unit.parent_id is None
    return {
        "parents": parents.exclude(pk=unit.pk) if unit else parents,
        "must_be_under": not whole and not top,
    }


def _from_register(
    request: HttpRequest, slug: str, municipality: Municipality
) -> tuple[dict[str, Any], tuple[str, str]]:
    """What the form begins with, and what to say of it: (colour, sentence)."""
    typed = request.GET.get("number", "").strip()
    if slug != "lag" or not typed or request.method == "POST":
        return {}, ("", "")
    try:
        found = look_up_here(typed, municipality)
    except RegisterAway:
        sentence = _("Registeret svarer ikke akkurat nå. Skriv det inn selv, så sjekker vi nummeret etterpå.")
        return {"number": typed}, ("warning", sentence)
    color = "success" if found.state == RegisterState.ACTIVE else "warning"
    return {"number": typed, **found.fields}, (color, str(STATE_SENTENCES[found.state]))


def _register(found: Any) -> dict[str, Any] | None:
    if not isinstance(found, Organisation) or not found.number:
        return None
    fine = found.register_state in (RegisterState.ACTIVE, RegisterState.UNKNOWN)
    return {
        "sentence": STATE_SENTENCES[found.register_state],
        "checked_at": found.register_checked_at,
        "color": "neutral" if fine else "warning",
    }


def _facts(found: Any) -> list[tuple[str, str]]:
    facts: list[tuple[Any, Any]] = []
    if isinstance(found, Organisation):
        facts += [
            (_("Slag"), found.get_kind_display()),
            (_("Organisasjonsnummer"), shown_organisation_number(found.number)),
            (_("Kategori"), category_words(found.icnpo)),
            (_("Målform"), found.get_language_display()),
        ]
    if isinstance(found, VolunteerCentre):
        facts += [(_("Eierform"), found.get_ownership_display()), (_("Profil"), found.get_profile_display())]
    if isinstance(found, Unit):
        facts += [(_("Ligger under"), found.parent.name if found.parent else "")]
    town = f"{found.postal_code} {found.post_town}".strip()
    facts += [
        (_("Områder"), ", ".join(area_names(found.areas))),
        (_("Telefon"), shown_number(found.phone)),
        (_("E-post"), found.email),
        (_("Nettside"), found.website),
        (_("Adresse"), ", ".join(part for part in (found.street, town) if part)),
    ]
    return [(str(label), str(words)) for label, words in facts if words]


def _texts(found: Any) -> list[tuple[str, str]]:
    if not isinstance(found, Organisation):
        return [(_("Om"), found.about)] if found.about else []
    texts = (
        (_("Om oss"), found.about),
        (_("Det vi står for"), found.values),
        (_("Slik bestemmer vi"), found.decision_path),
        (_("Tempoet vårt"), found.pace),
    )
    return [(label, text) for label, text in texts if text]


def _conditions(found: Any) -> list[tuple[str, str]]:
    if not isinstance(found, VolunteerCentre):
        return []
    words = {True: _("Ja"), False: _("Nei, ikke ennå"), None: _("Ikke besvart")}
    return [(str(question), words[getattr(found, name)]) for name, question in CONDITION_QUESTIONS.items()]
