from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    label = "partnerships"
    verbose_name = "Samarbeid"

    def ready(self) -> None:
        from partnerships import (  # noqa: F401 - they register with the outbox
            due_sources,
            messages,
            notice_messages,
            refusals,
            work_list,
        )
        from partnerships.selectors.sign_in import DomainPeople
        from partnerships.services import letter  # noqa: F401 - and so does this
        from samskaping.accounts.registry import register_people

        register_people(DomainPeople())
        work_list.register()
        due_sources.register()
