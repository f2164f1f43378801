from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    label = "partnerships"
    verbose_name = "Samarbeid"

    def ready(self) -> None:
        from partnerships import current, messages  # noqa: F401 - registers receivers and outbox handlers
        from partnerships.selectors.sign_in import DomainPeople
        from samskaping.accounts.registry import register_people

        register_people(DomainPeople())
