"""Involveringstrappa."""

from django.urls import path

from partnerships.views import stairs

urlpatterns = [
    path("trappa/", stairs.stairs, name="stairs"),
    path("trappa/<int:pk>/", stairs.unit_stairs, name="unit_stairs"),
    path("trappa/<int:pk>/svar/", stairs.stair_answer, name="stair_answer"),
]
