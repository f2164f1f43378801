"""Who comes today, and the screen on the wall."""

from django.urls import path

from volunteers.views import on_site

urlpatterns = [
    path("pa-stedet/", on_site.on_site, name="on_site"),
    path("pa-stedet/skjermer/", on_site.walls, name="walls"),
    path("pa-stedet/skjermer/<int:pk>/bort/", on_site.wall_out, name="wall_out"),
    path("skjerm/<str:token>/", on_site.wall, name="wall"),
]
