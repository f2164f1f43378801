"""Drafting, freezing, signing, sealing and renewing agreements."""

from django.apps import AppConfig


class AgreementsConfig(AppConfig):
    name = "agreements"
    label = "agreements"
    verbose_name = "Avtaler"

    def ready(self) -> None:
        from agreements import (  # noqa: F401 - audit_verbs registers words by being read
            audit_verbs,
            draft_due,
            due_sources,
            fills,
            history_kinds,
            pages,
            partnership_page,
            personal_rows,
            record_section,
            retention,
            seal_alarm,
            signing_due,
            signing_messages,
            work_list,
        )
        from agreements.demo_year import signing  # noqa: F401 - what the worker does, as these
        from agreements.services import anchor, archive, batch  # noqa: F401
        from agreements.services.requirement import agreements_meet
        from agreements.services.sealing import unsealed_seconds
        from partnerships.demo_year import demo_year_from
        from partnerships.national import national_from
        from samskaping.core.readiness import ready_part
        from volunteers.came_in import when_somebody_comes_in

        for module in (
            draft_due,
            due_sources,
            fills,
            history_kinds,
            pages,
            partnership_page,
            personal_rows,
            record_section,
            retention,
            signing_due,
            signing_messages,
            work_list,
        ):
            module.register()
        ready_part("seal", seal_alarm.seal_state)
        ready_part("unsealed_seconds", unsealed_seconds)
        when_somebody_comes_in(agreements_meet)
        demo_year_from("agreements.demo_year")
        national_from("agreements.national")
