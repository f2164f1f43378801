"""Partnerships: the list, the start, and each one's page."""

from django.urls import path

from partnerships.views import partnership

urlpatterns = [
    path("samarbeid/", partnership.partnerships, name="partnerships"),
    path("samarbeid/<int:pk>/", partnership.partnership, name="partnership"),
]
