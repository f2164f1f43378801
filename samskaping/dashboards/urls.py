"""Where a day begins."""

from django.urls import path

from samskaping.dashboards.views import first_minutes, first_steps, home, together

urlpatterns = [
    path("hjem/", home.home, name="home"),
    path("denne-uka/", home.this_week, name="this_week"),
    path("oversikt/", home.overview, name="overview"),
    path("min-side/", home.my_page, name="my_page"),
    path("kom-i-gang/", first_minutes.begin, name="first_minutes"),
    path("kom-i-gang/lag/", first_minutes.organisations, name="first_minutes_organisations"),
    path("kom-i-gang/lag/hent/", first_minutes.fetch, name="first_minutes_fetch"),
    path("kom-i-gang/samarbeid/", first_minutes.partnerships, name="first_minutes_partnerships"),
    path("kom-i-gang/avtaler/", first_minutes.agreements, name="first_minutes_agreements"),
    path("kom-i-gang/videre/<int:step>/", first_minutes.onwards, name="first_minutes_onwards"),
    path("kom-i-gang/ferdig/", first_minutes.finish, name="first_minutes_finish"),
    path("dette-har-vi-sammen/", together.sheet, name="together"),
    path("dette-har-vi-sammen/pdf/", together.sheet_pdf, name="together_pdf"),
    path("dette-har-vi-sammen/send/", together.send, name="together_send"),
    path("forste-steg/", first_steps.steps, name="first_steps"),
    path("forste-steg/legg-bort/", first_steps.put_away, name="first_steps_away"),
]
