"""Volunteers: from first interest to a good ending."""

from django.apps import AppConfig


class VolunteersConfig(AppConfig):
    name = "volunteers"
    label = "volunteers"
    verbose_name = "Frivillige"

    def ready(self) -> None:
        from partnerships.demo_year import demo_year_from
        from partnerships.national import national_from
        from volunteers import parts

        parts.register()
        demo_year_from("volunteers.demo_year")
        national_from("volunteers.national")
