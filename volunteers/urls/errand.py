"""Én-til-én, for those who ask."""

from django.urls import path

from volunteers.views import errand

urlpatterns = [
    path("en-til-en/", errand.errands, name="errands"),
    path("en-til-en/ny/", errand.new, name="errand_new"),
    path("en-til-en/<int:pk>/", errand.errand, name="errand"),
    path("en-til-en/<int:pk>/avlys/", errand.cancel, name="errand_cancel"),
    path("en-til-en/<int:pk>/gjort/", errand.done, name="errand_done"),
]
