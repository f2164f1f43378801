"""Kinds of requirement, under the settings."""

from django.urls import path

from partnerships.views import requirement

urlpatterns = [
    path("innstillinger/krav/", requirement.requirement_kinds, name="requirement_kinds"),
    path("innstillinger/krav/nytt/", requirement.requirement_kind_new, name="requirement_kind_new"),
    path("innstillinger/krav/<int:pk>/", requirement.requirement_kind_edit, name="requirement_kind_edit"),
    path(
        "innstillinger/krav/<int:pk>/avslutt/", requirement.requirement_kind_stop, name="requirement_kind_end"
    ),
]
