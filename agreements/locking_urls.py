"""«Er denne avtalen ekte?» for anybody, and the evidence package for the parties."""

from django.urls import path

from agreements.views import check, evidence

urlpatterns = [
    path("ekte/", check.check, name="check"),
    path("ekte/<str:code>/", check.check_code, name="check_code"),
    path("avtaler/<int:pk>/bevis/", evidence.evidence, name="agreement_evidence"),
]
