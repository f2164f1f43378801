"""Copies, erasure, and how long things are kept."""

from django.urls import path

from partnerships.views import own_data, retention

urlpatterns = [
    path("innstillinger/oppbevaring/", retention.retention, name="retention"),
    path("innstillinger/oppbevaring/<str:key>/", retention.retention_period, name="retention_period"),
    path("min-konto/opplysninger/", own_data.own_data, name="own_data"),
    path("min-konto/opplysninger/<int:pk>/kopi/", own_data.own_export, name="own_export"),
    path("min-konto/opplysninger/<int:pk>/slett/", own_data.own_erasure, name="own_erasure"),
]
