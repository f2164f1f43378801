"""The addresses of this app: a module for each part, with `urlpatterns`, found by being there."""

from django.urls import URLPattern, URLResolver

from samskaping.core.parts import parts_of

urlpatterns: list[URLPattern | URLResolver] = [
    pattern for part in parts_of(__name__) for pattern in part.urlpatterns
]
