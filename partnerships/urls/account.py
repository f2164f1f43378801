"""One's own account."""

from django.urls import path

from partnerships.views import profile

urlpatterns = [
    path("min-konto/", profile.profile, name="profile"),
    path("min-konto/bytt/<str:what>/", profile.contact_new, name="contact_new"),
    path("min-konto/bytt/<str:what>/kode/", profile.contact_confirm, name="contact_confirm"),
]
