"""Signing in and out. allauth's views under our paths; its own URL list would open more than we offer."""

from allauth.account import views
from django.urls import path

urlpatterns = [
    path("logg-inn/", views.login, name="account_login"),
    path("logg-ut/", views.logout, name="account_logout"),
    path("konto-stengt/", views.account_inactive, name="account_inactive"),
]
