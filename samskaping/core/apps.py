from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "samskaping.core"
    label = "core"
    verbose_name = "Samskaping"

    def ready(self) -> None:
        from django.db.models.signals import post_migrate

        from samskaping import celery  # noqa: F401 - makes shared_task find our app, whoever starts Django
        from samskaping.core import audit_verbs, checks, sms_status  # noqa: F401 - they register themselves
        from samskaping.core.db import grant_to_app_role

        post_migrate.connect(grant_to_app_role, sender=self)
