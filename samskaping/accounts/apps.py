from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "samskaping.accounts"
    label = "accounts"
    verbose_name = "Brukere og innlogging"
