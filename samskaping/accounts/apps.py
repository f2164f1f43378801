from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "samskaping.accounts"
    label = "accounts"
    verbose_name = "Brukere og innlogging"

    def ready(self) -> None:
        from samskaping.accounts import audit_verbs, signals  # noqa: F401 - words, and the receivers
        from samskaping.accounts.services import code, notice  # noqa: F401 - registers what the outbox sends
