from django.apps import AppConfig


class PartnershipsConfig(AppConfig):
    name = "partnerships"
    label = "partnerships"
    verbose_name = "Samarbeid"

    def ready(self) -> None:
        from partnerships import (  # noqa: F401 - they register words and what is sent
            audit_verbs,
            due_sources,
            messages,
            notice_messages,
            parts,
            person_export,
            personal_rows,
            refusals,
            retention,
            stand_in,
            work_list,
        )
        from partnerships.selectors import lists
        from partnerships.selectors.settings import logos_visible_to
        from partnerships.selectors.sign_in import DomainPeople
        from partnerships.services import letter  # noqa: F401 - and so does this
        from samskaping.accounts.registry import register_people
        from samskaping.core.file_access import file_access_from
        from samskaping.core.post import by_hand_from

        register_people(DomainPeople())
        by_hand_from(lists.by_hand)
        file_access_from("logos", logos_visible_to)
        file_access_from("letters", lists.letters_visible_to)
        for module in (work_list, due_sources, personal_rows, person_export, retention, stand_in, parts):
            module.register()
