"""What a municipality decides for itself."""

from django.urls import path

from partnerships.views import settings

urlpatterns = [
    path("innstillinger/", settings.municipality_settings, name="municipality_settings"),
    path("innstillinger/ord/", settings.words, name="municipality_words"),
    path("innstillinger/moduler/", settings.module_choice, name="municipality_modules"),
    path("innstillinger/logo/", settings.logo, name="municipality_logo"),
    path("innstillinger/logo/fjern/", settings.logo_remove, name="municipality_logo_remove"),
]
