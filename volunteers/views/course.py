"""Courses: the list, each one's page, making and moving it, places, who was there, and the proof of it."""

from typing import Any

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partnerships.access import access_of, get_for, get_visible
from partnerships.current import current_membership, user_of
from partnerships.models import RequirementKind
from samskaping.accounts.permissions import Permission
from samskaping.core.errors import DomainError
from samskaping.core.ics import Event, calendar_response
from samskaping.core.link_token import row_of_token
from volunteers.documents import course_proof
from volunteers.door import number_of
from volunteers.forms.course import CourseCancelForm, CourseForm, CourseNewForm
from volunteers.models import Course, CourseSeat, Volunteer
from volunteers.models.course import CourseFor
from volunteers.selectors.course import (
    COURSE_FILE,
    JOINED,
    CourseStart,
    courses_page,
    kept_people,
    lines_of,
    may_edit,
    own_person,
    people_to_sign_up,
    person_to_sign_up,
    seat_for,
    seats_for,
)
from volunteers.services.course import (
    course_add,
    course_attended,
    course_cancel,
    course_change,
    course_leave,
    course_sign_up,
)
from volunteers.views.documents import pdf_response

_ROWS = Course.objects.select_related(*JOINED)


def crumbs(*last: tuple[str, str]) -> list[tuple[str, str]]:
    return [(_("Kurs"), reverse("courses") if last else ""), *last]


@login_required
@require_safe
def courses(request: HttpRequest) -> HttpResponse:
    user, membership = user_of(request), current_membership(request)
    if not sees_courses(user):
        raise PermissionDenied
    been = request.GET.get("vis") == "har-vært"
    page = courses_page(user, membership, request.GET.get("page"), been=been)
    context = {
        "page_obj": page,
        "lines": page.object_list,
        "been": been,
        "may_make": CourseStart(user, membership).may,
    }
    return render(request, "volunteers/course/list.html", context)


def sees_courses(user: Any) -> bool:
    """Whoever works somewhere, or helps."""
    if access_of(user).municipality_ids:
        return True
    return Volunteer.objects.filter(person__user=user).here().exists()


@login_required
@require_safe
def course(request: HttpRequest, pk: int) -> HttpResponse:
    user = user_of(request)
    found = get_visible(user, _ROWS, pk=pk)
    edits = may_edit(found, user)
    seats = list(seats_for(found, user))
    now = timezone.now()
    coming = found.cancelled_at is None and found.starts_at > now
    mine = CourseSeat.objects.filter(course=found, person__user=user).first()
    may_act = coming and bool(access_of(user).municipality_ids) and kept_people(user).exists()
    asked = request.GET.get("q", "").strip()[:80]
    context = {
        "course": found,
        "line": lines_of([found], user)[0],
        "seats": [seat for seat in seats if not seat.waiting],
        "line_seats": [seat for seat in seats if seat.waiting],
        "mine": mine,
        "may_come": coming and mine is None and own_person(found, user) is not None,
        "may_act": may_act,
        "asked": asked,
        "found": people_to_sign_up(found, user, asked) if may_act and asked else [],
        "edits": edits,
        "coming": coming,
        "has_begun": found.cancelled_at is None and found.starts_at <= now,
        "all_may_come": found.open_to == CourseFor.ALL,
        "breadcrumbs": crumbs((found.title, "")),
    }
    return render(request, "volunteers/course/page.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    by = user_of(request)
    start = CourseStart(by, current_membership(request))
    if not start.may or start.municipality is None:
        raise PermissionDenied
    kinds = RequirementKind.objects.for_municipality(start.municipality)
    form = CourseNewForm(request.POST or None, sides=start.choices, kinds=kinds)
    if request.method == "POST" and form.is_valid():
        own = start.own(form.cleaned_data.get("own", ""))
        try:
            made = course_add(municipality=start.municipality, own=own, by=by, **form.about_it())
        except DomainError as error:
            form.add_error("day", str(error.sentence))
        else:
            messages.success(request, _("Kurset er laget. Nå kan folk melde seg på."))
            return redirect("course", pk=made.pk)
    title = _("Nytt kurs")
    return render(
        request, "volunteers/form.html", {"form": form, "title": title, "breadcrumbs": crumbs((title, ""))}
    )


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _editable(request, pk), user_of(request)
    kinds = RequirementKind.objects.for_municipality(found.municipality)
    form = CourseForm(request.POST or None, course=found, kinds=kinds)
    if request.method == "POST" and form.is_valid():

        def save(version: int) -> object:
            return course_change(course=found, version=version, changes=_moved_only(found, form), by=by)

        try:
            if form.saved_by(save, by):
                messages.success(
                    request, _("Lagret. De påmeldte får vite det hvis tid eller sted er endret.")
                )
                return redirect("course", pk=found.pk)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
    return _form(request, found, form, _("Endre kurset"))


def _moved_only(found: Course, form: CourseForm) -> dict[str, Any]:
    """The clock of the form has no seconds: what was not moved stays to the second."""
    changes = form.about_it()
    if not {"day", "from_time", "to_time", "last_day"} & set(form.changed_data):
        changes.pop("starts_at")
        changes.pop("ends_at")
    return changes


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    found, by = _editable(request, pk), user_of(request)
    form = CourseCancelForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            course_cancel(course=found, because=form.cleaned_data["because"], by=by)
        except DomainError as error:
            form.add_error(None, str(error.sentence))
        else:
            messages.success(request, _("Kurset er avlyst, og de påmeldte får vite det."))
            return redirect("course", pk=found.pk)
    return _form(request, found, form, _("Avlys kurset"))


# --- Places -----------------------------------------------------------------------------------------------
@login_required
@require_POST
def sign_up(request: HttpRequest, pk: int) -> HttpResponse:
    """Herself."""
    user = user_of(request)
    found = get_visible(user, _ROWS, pk=pk)
    person = own_person(found, user)
    if person is None:
        raise PermissionDenied
    return _seated(request, found, lambda: course_sign_up(course=found, person=person, by=None))


@login_required
@require_POST
def sign_up_for(request: HttpRequest, pk: int) -> HttpResponse:
    """Somebody she keeps, who asked her to."""
    user = user_of(request)
    found = get_visible(user, _ROWS, pk=pk)
    person = person_to_sign_up(found, user, number_of(request.POST.get("person")))
    return _seated(request, found, lambda: course_sign_up(course=found, person=person, by=user))


def _seated(request: HttpRequest, found: Course, step: Any) -> HttpResponse:
    try:
        seat = step()
    except DomainError as error:
        messages.error(request, str(error.sentence))
    else:
        if seat.waiting:
            messages.info(
                request, _("Kurset er fullt. Nå er plassen på ventelista, og den som får plass, får beskjed.")
            )
        else:
            messages.success(request, _("Påmeldt."))
    return redirect("course", pk=found.pk)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def leave(request: HttpRequest, pk: int) -> HttpResponse:
    """Herself, whoever keeps her, or whoever holds the course."""
    user = user_of(request)
    seat = seat_for(user_of(request), pk)
    own = seat.person.user_id == user.pk
    if request.method == "POST":
        try:
            course_leave(seat=seat, by=None if own else user)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Avmeldt. Plassen går til den neste."))
        return redirect("course", pk=seat.course_id)
    context = {
        "title": _("Melde deg av?") if own else _("Melde av?"),
        "text": seat.course.title if own else f"{seat.person.name}: {seat.course.title}",
        "action": _("Meld av"),
        "cancel_url": reverse("course", args=[seat.course_id]),
        "breadcrumbs": crumbs(
            (seat.course.title, reverse("course", args=[seat.course_id])), (_("Melde av"), "")
        ),
    }
    return render(request, "confirm.html", context)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, pk: int) -> HttpResponse:
    """All of them on one page, ticked beforehand: most come."""
    found, by = _editable(request, pk), user_of(request)
    seats = list(seats_for(found, by))
    if request.method == "POST":
        keys = {seat.pk for seat in seats}
        there = {number_of(key) for key in request.POST.getlist("there")} & keys
        try:
            course_attended(course=found, there=there, by=by)
        except DomainError as error:
            messages.error(request, str(error.sentence))
        else:
            messages.success(request, _("Oppmøtet er ført. Frivillige som var der, har kravet i orden."))
        return redirect("course", pk=found.pk)
    title = _("Hvem var der?")
    context = {
        "course": found,
        "title": title,
        "rows": [
            {"seat": seat, "there": seat.attended if seat.attended is not None else not seat.waiting}
            for seat in seats
        ],
        "breadcrumbs": crumbs((found.title, reverse("course", args=[found.pk])), (title, "")),
    }
    return render(request, "volunteers/course/attendance.html", context)


@login_required
@require_safe
def proof(request: HttpRequest, pk: int) -> HttpResponse:
    """That she was there, to herself, whoever keeps her, and whoever holds the course."""
    seat = seat_for(user_of(request), pk)
    if not seat.attended:
        raise Http404
    return pdf_response(request, lambda: course_proof(seat), "kursbevis")


@require_safe
def file(request: HttpRequest, token: str) -> HttpResponse:
    """For a calendar programme: the link in the message that told her, and nothing that names anybody."""
    found = row_of_token(token, COURSE_FILE, _ROWS)
    if found is None:
        raise Http404
    return calendar_response([event_of(found)], file="kurs")


def event_of(found: Course) -> Event:
    return Event(
        uid=found.uid,
        starts_at=found.starts_at,
        ends_at=found.ends_at,
        title=found.title,
        changed_at=found.updated_at,
        sequence=found.sequence,
        place=found.place,
        url=settings.SITE_URL + reverse("course", args=[found.pk]),
        is_cancelled=found.cancelled_at is not None,
    )


def _editable(request: HttpRequest, pk: int) -> Course:
    """Raises Http404 and PermissionDenied."""
    return get_for(user_of(request), Permission.OFFER_EDIT, _ROWS, pk=pk)


def _form(request: HttpRequest, found: Course, form: Any, title: str) -> HttpResponse:
    trail = crumbs((found.title, reverse("course", args=[found.pk])), (title, ""))
    return render(request, "volunteers/form.html", {"form": form, "title": title, "breadcrumbs": trail})
