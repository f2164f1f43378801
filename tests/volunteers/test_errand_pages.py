"""The pages of errands, and of what was laid out: who sees what, and what is pressed happens."""

import csv
import io
from datetime import timedelta
from typing import Any

from django.urls import reverse
from django.utils import timezone

from partnerships.models import Occurrence
from samskaping.accounts.permissions import Role
from samskaping.core.models import AuditEvent
from tests.factories import partnerships as made
from tests.factories.volunteers import CourseFactory, VolunteerFactory
from tests.volunteers.crew import helper, herself, signed_in, text
from volunteers.models import Errand, ErrandFor, Expense, HourEntry, HoursMonth
from volunteers.models.shift import ExpenseKind


# --- Errands ----------------------------------------------------------------------------------------------
def test_an_errand_from_asked_to_done(town: Any, time: Occurrence) -> None:
    staff = signed_in(made.member(town.municipality, Role.STAFF, unit=town.unit).user)
    day = timezone.localdate() + timedelta(days=2)
    asked = {
        "unit": town.unit.pk, "kind": "walk", "day": str(day), "from_time": "14:00", "to_time": "15:00",
        "first_name": "Borghild", "meet_at": "Rom 12", "area_words": "i parken",
    }  # fmt: skip
    staff.post(reverse("errand_new"), asked)
    errand = Errand.objects.get()
    url, mine = reverse("errand", args=[errand.pk]), reverse("my_errand", args=[errand.pk])
    seen = staff.get(url)
    assert "Borghild" in text(seen)
    assert "no-store" in seen["Cache-Control"]
    assert "no-store" in staff.get(reverse("errand_new"))["Cache-Control"]
    assert AuditEvent.objects.filter(verb="errand_for_opened").count() == 1
    # Who leads the whole municipality needs no name.
    assert "Borghild" not in text(signed_in(town.coordinator.user).get(url))
    first = herself(VolunteerFactory.create(person__municipality=town.municipality))
    second = herself(VolunteerFactory.create(person__municipality=town.municipality))
    assert "Borghild" not in text(first.get(mine))
    assert "i parken" in text(first.get(reverse("my_shifts")))
    first.post(mine, {"answer": "take"})
    assert "Rom 12" in text(first.get(mine))
    assert "no-store" in first.get(mine)["Cache-Control"]
    assert second.get(mine).status_code == 200
    assert "Borghild" not in text(second.get(mine))
    assert "En annen tok oppdraget først" in text(second.post(mine, {"answer": "take"}, follow=True))
    # Not before it has begun; and then it gives the hour it lasted, once.
    assert "Det er gjort" not in text(first.get(mine))
    first.post(mine, {"answer": "done"})
    assert Errand.objects.get().done_at is None
    two_days, an_hour = timedelta(days=2), timedelta(hours=1)
    Errand.objects.update(starts_at=timezone.now() - two_days, ends_at=timezone.now() - two_days + an_hour)
    first.post(mine, {"answer": "done"})
    staff.post(reverse("errand_done", args=[errand.pk]))
    assert Errand.objects.get().done_at is not None
    assert HourEntry.objects.get().minutes == 60
    assert (HoursMonth.objects.get().unit, HoursMonth.objects.get().minutes) == (town.unit, 60)
    assert "Én-til-én" in text(signed_in(town.coordinator.user).get(reverse("hours")))
    # The day after nobody sees it, whether the clock has taken it away yet or not.
    assert ErrandFor.objects.exists()
    assert "Borghild" not in text(staff.get(url))


# --- Expenses ---------------------------------------------------------------------------------------------
def test_an_expense_from_noted_to_paid(town: Any, time: Occurrence) -> None:
    liv = helper(time, "=Liv Sang")
    client, boss = herself(liv), signed_in(town.coordinator.user)
    noted = {"kind": "driving", "day": str(timezone.localdate()), "km": "12,5", "words": "=1+1"}
    client.post(reverse("my_expenses"), noted)
    expense = Expense.objects.get()
    assert (expense.kind, str(expense.km)) == (ExpenseKind.DRIVING, "12.5")
    assert "12,5" in text(boss.get(reverse("expenses")))
    rows = list(
        csv.reader(io.StringIO(boss.post(reverse("expenses_csv")).content.decode("utf-8-sig")), delimiter=";")
    )
    assert [cell[:1] for cell in rows[1] if "=" in cell] == ["'", "'"]
    assert boss.post(reverse("expenses_csv"))["Cache-Control"] == "private, no-store"
    boss.post(reverse("expenses"), {"expense": [expense.pk]})
    expense.refresh_from_db()
    assert expense.paid_on == timezone.localdate()
    assert client.post(reverse("my_expense_out", args=[expense.pk])).status_code == 302
    assert Expense.objects.exists()
    assert "Utbetalt" in text(client.get(reverse("my_expenses")))


def test_refused_with_a_reason_she_reads_and_clubs_are_their_own(town: Any, time: Occurrence) -> None:
    liv = helper(time, "Liv Sang")
    knut = helper(time, "Knut Fremmed", controller_organisation=town.organisation)
    hers, his = (
        Expense.objects.create(municipality=time.municipality, volunteer=one, day=timezone.localdate(), km=9)
        for one in (liv, knut)
    )
    boss = signed_in(town.coordinator.user)
    assert "Knut" not in text(boss.get(reverse("expenses")))
    assert "Knut" not in boss.post(reverse("expenses_csv")).content.decode()
    assert boss.get(reverse("expense_refuse", args=[his.pk])).status_code == 404
    boss.post(reverse("expenses"), {"expense": [his.pk]})
    his.refresh_from_db()
    assert his.paid_on is None
    boss.post(reverse("expense_refuse", args=[hers.pk]), {"because": "Det var avtalt gratis."})
    assert "avtalt gratis" in text(herself(liv).get(reverse("my_expenses")))


def test_what_is_no_key_is_nobodys(town: Any, time: Occurrence) -> None:
    boss = signed_in(town.coordinator.user)
    course = CourseFactory.create(municipality=town.municipality)
    for typed in ("²", "9" * 5000):
        assert boss.post(reverse("expenses"), {"expense": [typed]}).status_code == 302
        assert (
            boss.post(reverse("course_attendance", args=[course.pk]), {"there": [typed]}).status_code == 302
        )
        signed = boss.post(reverse("course_sign_up_for", args=[course.pk]), {"person": typed})
        assert signed.status_code == 404
