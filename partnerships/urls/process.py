"""Processes: the list, the start, each one's page and its steps."""

from django.urls import path

from partnerships.views import (
    process,
    process_adapt,
    process_guest,
    process_public,
    process_result,
    process_step,
)

urlpatterns = [
    path("prosesser/", process.processes, name="processes"),
    path("prosesser/start/", process.start, name="process_start"),
    path("prosesser/forberedelse/", process_adapt.adapt, name="preparation"),
    path("prosesser/<int:pk>/", process.process, name="process"),
    path("prosesser/<int:pk>/endre/", process.edit, name="process_edit"),
    path("prosesser/<int:pk>/problem/", process_step.problem, name="process_problem"),
    path(
        "prosesser/<int:pk>/problem/versjoner/",
        process_step.problem_versions,
        name="process_problem_versions",
    ),
    path("prosesser/<int:pk>/forberedelse/", process_step.prepare, name="process_prepare"),
    path("prosesser/<int:pk>/stopp/", process_step.stop, name="process_stop"),
    path("prosesser/<int:pk>/faser/<slug:kind>/", process_step.phase, name="process_phase"),
    path("prosesser/<int:pk>/i-gang/", process_step.run, name="process_run"),
    path("prosesser/<int:pk>/offentlig/", process_step.publish, name="process_publish"),
    path("prosesser/<int:pk>/avslutt/", process_step.end, name="process_end"),
    path("prosesser/<int:pk>/ta-opp/", process_step.reopen, name="process_reopen"),
    path("prosesser/<int:pk>/gjest/", process_guest.guest_new, name="process_guest"),
    path("prosesser/<int:pk>/samarbeid/", process_public.attach, name="process_attach"),
    path("prosesser/<int:pk>/resultater/ny/", process_result.result_new, name="process_result_new"),
    path("prosesser/<int:pk>/resultater/<int:result>/", process_result.result_edit, name="process_result"),
    path(
        "prosesser/<int:pk>/resultater/<int:result>/lag/",
        process_result.result_make,
        name="process_result_make",
    ),
    path(
        "prosesser/<int:pk>/resultater/<int:result>/fjern/",
        process_result.result_remove,
        name="process_result_remove",
    ),
    path("prosesser/<int:pk>/feire/", process_result.win_new, name="win_new"),
    path("prosesser/<int:pk>/feire/<int:win>/fjern/", process_result.win_out, name="win_remove"),
    path("samskaping/<uuid:key>/", process_public.public, name="process_public"),
]
