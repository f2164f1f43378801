"""The register of agreements."""

from django.urls import path

from agreements.views import agreement

urlpatterns = [
    path("avtaler/", agreement.agreements, name="agreements"),
    path("avtaler/registrer/", agreement.register, name="agreement_register"),
    path("avtaler/<int:pk>/", agreement.agreement, name="agreement"),
    path("avtaler/<int:pk>/endre/", agreement.edit, name="agreement_edit"),
    path("avtaler/<int:pk>/pdf/", agreement.file, name="agreement_file"),
    path("avtaler/<int:pk>/avslutt/", agreement.end, name="agreement_end"),
    path("avtaler/<int:pk>/angre-avslutning/", agreement.resume, name="agreement_resume"),
]
