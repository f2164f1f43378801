"""What volunteers must have, what ends soon, and the police certificate."""

from django.urls import path

from volunteers.views import police, requirement

_ONE = "frivillige/<int:pk>/"

urlpatterns = [
    path("frivillige/krav/", requirement.ending, name="requirements_expiring"),
    path("frivillige/politiattest/", police.responsible, name="police_responsible"),
    path(f"{_ONE}krav/", requirement.kinds, name="volunteer_requirements"),
    path(f"{_ONE}krav/<int:kind>/", requirement.requirement, name="volunteer_requirement"),
    path(f"{_ONE}krav/<int:kind>/be-om/", requirement.ask, name="volunteer_requirement_ask"),
    path(f"{_ONE}krav/<int:kind>/ta-bort/", requirement.clear, name="volunteer_requirement_clear"),
    path(f"{_ONE}krav/<int:kind>/unntak/slutt/", requirement.exempt_end, name="volunteer_exemption_end"),
    path(f"{_ONE}politiattest/", police.police, name="volunteer_police"),
    path(f"{_ONE}politiattest/slett/", police.remove, name="volunteer_police_remove"),
]
