"""Where to turn with what the portal is no channel for."""

from django.urls import path

from partnerships.views import concern

urlpatterns = [path("varsling/", concern.concern, name="concern")]
