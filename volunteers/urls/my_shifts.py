"""A volunteer's own shifts, errands and expenses."""

from django.urls import path

from volunteers.views import my_hours, my_shifts

urlpatterns = [
    path("oppdrag/", my_shifts.my_shifts, name="my_shifts"),
    path("oppdrag/gang/<int:pk>/svar/", my_shifts.answer, name="my_shift_answer"),
    path("oppdrag/<int:pk>/hver-gang/", my_shifts.every_time, name="my_every_time"),
    path("oppdrag/en-til-en/<int:pk>/", my_shifts.my_errand, name="my_errand"),
    path("oppdrag/timer/", my_hours.my_hours, name="my_hours"),
    path("oppdrag/timer/<int:pk>/", my_hours.my_hours_correct, name="my_hours_correct"),
    path("oppdrag/utlegg/", my_shifts.my_expenses, name="my_expenses"),
    path("oppdrag/utlegg/<int:pk>/bort/", my_shifts.my_expense_out, name="my_expense_out"),
]
