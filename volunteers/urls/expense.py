"""Driving and what was laid out, for who keeps the volunteers."""

from django.urls import path

from volunteers.views import expense

urlpatterns = [
    path("frivillige/utlegg/", expense.expenses, name="expenses"),
    path("frivillige/utlegg/fil.csv", expense.expenses_csv, name="expenses_csv"),
    path("frivillige/utlegg/<int:pk>/nei/", expense.refuse, name="expense_refuse"),
    path("frivillige/<int:pk>/utlegg/nytt/", expense.new, name="expense_new"),
]
