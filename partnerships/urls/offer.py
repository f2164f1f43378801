"""Offers, the times of them, and the sheet about each."""

from django.urls import path

from partnerships.views import occurrence, offer, offer_step

urlpatterns = [
    path("tilbud/", offer.offers, name="offers"),
    path("tilbud/start/", offer.start, name="offer_start"),
    path("samarbeid/<int:pk>/tilbud/start/", offer.start_in, name="offer_start_in"),
    path("tilbud/<int:pk>/", offer.offer, name="offer"),
    path("tilbud/<int:pk>/endre/", offer.edit, name="offer_edit"),
    path("tilbud/<int:pk>/tider/", offer.times, name="offer_times"),
    path("tilbud/<int:pk>/pause/", offer_step.pause, name="offer_pause"),
    path("tilbud/<int:pk>/ta-opp/", offer_step.resume, name="offer_resume"),
    path("tilbud/<int:pk>/avslutt/", offer_step.end, name="offer_end"),
    path("tilbud/<int:pk>/krav/", offer_step.requirements, name="offer_requirements"),
    path(
        "tilbud/<int:pk>/krav/fra/<int:check>/", offer_step.requirements_take, name="offer_requirements_take"
    ),
    path("tilbud/krav/<int:pk>/bort/", offer_step.requirement_out, name="offer_requirement_out"),
    path("tilbud/<int:pk>/ark/", offer_step.sheet, name="offer_sheet"),
    path("tilbud/<int:pk>/ark.pdf", offer_step.sheet_pdf, name="offer_sheet_pdf"),
    path("tilbud/<int:pk>/ganger/", occurrence.occurrences, name="occurrences"),
    path("tilbud/<int:pk>/ganger/ny/", occurrence.add, name="occurrence_add"),
    path("tilbud/gang/<int:pk>/", occurrence.occurrence, name="occurrence"),
    path("tilbud/gang/<int:pk>/likevel/", occurrence.restore, name="occurrence_restore"),
]
