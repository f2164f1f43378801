"""Wiring only. Paths are Norwegian and stable (architecture § 5)."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from samskaping.core.views import content, files, health, operation, pages, preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("", pages.front, name="front"),
    path("", include("samskaping.accounts.urls")),
    path("", include("partnerships.urls")),
    path("", include("volunteers.urls")),
    path("", include("agreements.urls")),
    path("", include("samskaping.dashboards.urls")),
    path("om/", content.page, {"key": "om"}, name="about"),
    path("personvern/", content.page, {"key": "personvern"}, name="privacy"),
    path("tilgjengelighet/", content.page, {"key": "tilgjengelighet"}, name="accessibility"),
    path("fil/<uuid:pk>/", files.stored_file, name="stored_file"),
    path("sprak/", preferences.set_language, name="set_language"),
    path("utseende/", preferences.set_theme, name="set_theme"),
    path("drift/utboks/", operation.outbox, name="outbox"),
    path("drift/utboks/<int:pk>/igjen/", operation.try_again, name="outbox_try_again"),
    path("drift/utboks/<int:pk>/legg-bort/", operation.put_away, name="outbox_put_away"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
]

if settings.DEVELOPER_PAGES or settings.DEMO_POST:
    from samskaping.core.views import post

    urlpatterns.append(path("dev/post/", post.dev_post, name="dev_post"))

if settings.DEVELOPER_PAGES:
    from samskaping.core.views import gallery

    urlpatterns += [
        path("komponenter/", gallery.components, name="components"),
        path("komponenter/<slug:name>/", gallery.component, name="component"),
    ]

handler400 = "samskaping.core.views.errors.bad_request"
handler403 = "samskaping.core.views.errors.forbidden"
handler404 = "samskaping.core.views.errors.not_found"
handler500 = "samskaping.core.views.errors.server_error"
