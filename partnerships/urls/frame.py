"""«Rammer»."""

from django.urls import path

from partnerships.views import frame

urlpatterns = [path("samarbeid/<int:pk>/rammer/", frame.frame, name="frame")]
