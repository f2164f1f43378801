"""«Dette er vi enige om»."""

from django.urls import path

from partnerships.views import understanding

_AT = "samarbeid/<int:pk>/enige/"
urlpatterns = [
    path(_AT, understanding.understanding, name="understanding"),
    path(f"{_AT}sammen/", understanding.together, name="understanding_together"),
    path(f"{_AT}side/<int:party>/", understanding.side, name="understanding_side"),
    path(f"{_AT}side/<int:party>/bekreft/", understanding.confirm, name="understanding_confirm"),
    path(f"{_AT}side/<int:party>/annerledes/", understanding.objection, name="understanding_object"),
    path(f"{_AT}forslag/", understanding.propose, name="understanding_propose"),
    path(f"{_AT}versjoner/", understanding.versions, name="understanding_versions"),
    path(f"{_AT}versjoner/<int:number>/", understanding.version, name="understanding_version"),
]
