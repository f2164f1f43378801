from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    label = "partnerships"
    verbose_name = "Samarbeid"

    def ready(self) -> None:
        from partnerships import messages, refusals, work_list  # noqa: F401 - they register with the outbox
        from partnerships.selectors.sign_in import DomainPeople
        from samskaping.accounts.registry import register_people

        register_people(DomainPeople())
        work_list.register()
