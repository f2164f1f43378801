"""The texts agreements begin with: read, adapted, and worded one's own way."""

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from agreements.clauses import clauses_of
from agreements.forms.draft import LANGUAGES
from agreements.forms.text import TextForm
from agreements.models.agreement import AgreementKind
from agreements.placeholders import PLACEHOLDERS
from agreements.selectors.text import may_change, owner_name, owners_for, text_for, texts_for
from agreements.services.text import fingerprint, text_adapt, text_change
from agreements.views.agreement import crumbs, here
from partnerships.current import user_of
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.markdown import clause_to_html


@login_required
@require_safe
def texts(request: HttpRequest) -> HttpResponse:
    municipality = here(request, Permission.AGREEMENT_DRAFT)
    kinds = dict(AgreementKind.choices)
    rows = [
        {
            "text": row.text(),
            "kind": kinds[row.data["agreement_kind"]],
            "is_own": row.municipality_id is not None,
            "url": reverse("agreement_text", args=[row.key]),
        }
        for row in texts_for(municipality, user_of(request))
    ]
    context = {"rows": rows, "breadcrumbs": crumbs((_("Tekster"), ""))}
    return render(request, "agreements/text/list.html", context)


@login_required
@require_safe
def text(request: HttpRequest, key: str) -> HttpResponse:
    municipality, user = here(request, Permission.AGREEMENT_DRAFT), user_of(request)
    found = text_for(key, municipality, user)
    language = _language(request.GET.get("sprak", ""), found.texts) or found.text()["language"]
    words = found.text(language)
    changes = may_change(found, municipality, user)
    taken = {row.key for row in texts_for(municipality, user) if row.municipality_id}
    owners = [
        {"value": owner_name(owner) if owner else "", "name": owner.name if owner else ""}
        for owner in owners_for(municipality, user)
        if found.municipality_id is None and (owner is not None or key not in taken)
    ]
    context = {
        "text": words,
        "key": key,
        "clauses": [
            (clause.heading, clause_to_html(clause.text)) for clause in clauses_of(words["body"], found.data)
        ],
        "languages": [(code, LANGUAGES[code]) for code in found.texts],
        "is_own": found.municipality_id is not None,
        "may_change": changes,
        "owners": owners,
        "names": [(f"{{{name}}}", label) for name, label in PLACEHOLDERS.items()],
        "breadcrumbs": crumbs((_("Tekster"), reverse("agreement_texts")), (words["title"], "")),
    }
    return render(request, "agreements/text/page.html", context)


@login_required
@require_POST
def adapt(request: HttpRequest, key: str) -> HttpResponse:
    municipality, user = here(request, Permission.AGREEMENT_DRAFT), user_of(request)
    found = text_for(key, municipality, user)
    wanted = request.POST.get("owner", "")
    owners = {owner_name(owner) if owner else "": owner for owner in owners_for(municipality, user)}
    if wanted not in owners:
        raise PermissionDenied
    try:
        copy = text_adapt(text=found, municipality=municipality, owner=owners[wanted], by=user)
    except DomainError as error:
        messages.error(request, str(error.sentence))
        return redirect("agreement_text", key=key)
    language = _language(get_language() or "", copy.texts) or "nb"
    return redirect("agreement_text_edit", key=copy.key, language=language)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, key: str, language: str) -> HttpResponse:
    municipality, user = here(request, Permission.AGREEMENT_DRAFT), user_of(request)
    found = text_for(key, municipality, user)
    if not _language(language, found.texts):
        raise Http404
    if not may_change(found, municipality, user):
        raise PermissionDenied
    words = found.text(language)
    clauses = clauses_of(words["body"], found.data)
    form = TextForm(request.POST or None, title=words["title"], clauses=clauses, seen=fingerprint(found))
    if request.method == "POST" and form.is_valid():
        try:
            text_change(
                text=found,
                seen=form.cleaned_data["seen"],
                language=language,
                title=form.cleaned_data["title"],
                clauses=form.clauses(),
                new=form.new(),
                by=user,
            )
        except DomainError as error:
            form.add_error(None, str(error.sentence))
            form.data = form.data.copy()  # type: ignore[attr-defined]
            form.data["seen"] = fingerprint(found)  # type: ignore[index]
        else:
            messages.success(request, _("Teksten er lagret. Utkast som er begynt på, står som før."))
            return redirect(f"{reverse('agreement_text', args=[key])}?sprak={language}")
    context = {
        "form": form,
        "text": words,
        "key": key,
        "language": LANGUAGES[language],
        "names": [(f"{{{name}}}", label) for name, label in PLACEHOLDERS.items()],
        "breadcrumbs": crumbs(
            (_("Tekster"), reverse("agreement_texts")),
            (words["title"], reverse("agreement_text", args=[key])),
            (_("Endre"), ""),
        ),
    }
    return render(request, "agreements/text/edit.html", context)


def _language(asked: str, texts: dict[str, object]) -> str:
    return asked if asked in texts else ""
