"""Volunteers from a spreadsheet."""

from django.urls import path

from volunteers.views import volunteer_import

_ONE = "frivillige/import/<int:pk>/"

urlpatterns = [
    path("frivillige/import/", volunteer_import.imports, name="volunteer_imports"),
    path(_ONE, volunteer_import.page, name="volunteer_import"),
    path(f"{_ONE}kolonner/", volunteer_import.columns, name="volunteer_import_columns"),
    path(f"{_ONE}kast/", volunteer_import.discard, name="volunteer_import_discard"),
    path(f"{_ONE}angre/", volunteer_import.undo, name="volunteer_import_undo"),
]
