"""Who did what."""

from django.urls import path

from partnerships.views import history

urlpatterns = [
    path("historikk/", history.history, name="history"),
    path("historikk/<slug:kind>/<int:pk>/", history.object_history, name="object_history"),
]
