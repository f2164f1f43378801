"""«Folk og lag»: organisations, centres and units."""

from django.urls import path, re_path

from partnerships.views import actor, actor_import, actor_list, actor_overview

KIND = r"^folk/(?P<slug>lag|sentraler|enheter)/"
ONE = KIND + r"(?P<pk>[0-9]{1,18})/"

urlpatterns = [
    path("folk/", actor_list.actors, name="actors"),
    path("folk/lag/", actor_list.organisations, name="organisations"),
    path("folk/sentraler/", actor_list.centres, name="centres"),
    path("folk/enheter/", actor_list.units, name="units"),
    path("folk/oversikt/", actor_overview.overview, name="actor_overview"),
    path("folk/lag/importer/", actor_import.imports, name="actor_imports"),
    path("folk/lag/importer/<int:pk>/", actor_import.page, name="actor_import"),
    path("folk/lag/importer/<int:pk>/kolonner/", actor_import.columns, name="actor_import_columns"),
    path("folk/lag/importer/<int:pk>/kast/", actor_import.discard, name="actor_import_discard"),
    path("folk/lag/importer/<int:pk>/angre/", actor_import.undo, name="actor_import_undo"),
    re_path(KIND + r"ny/$", actor.add, name="actor_add"),
    re_path(ONE + r"$", actor.actor, name="actor"),
    re_path(ONE + r"endre/$", actor.edit, name="actor_edit"),
    re_path(ONE + r"avslutt/$", actor.end, name="actor_end"),
    re_path(ONE + r"ta-opp/$", actor.resume, name="actor_resume"),
    re_path(ONE + r"kontakt/$", actor.contact, name="actor_contact"),
    path("folk/lag/<int:pk>/sjekk/", actor.check, name="organisation_check"),
    path("folk/kontakt/<int:pk>/fjern/", actor.contact_end, name="actor_contact_end"),
]
