from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class DashboardsConfig(AppConfig):
    name = "samskaping.dashboards"
    label = "dashboards"
    verbose_name = "Oversikter"

    def ready(self) -> None:
        from samskaping.core.navigation import MenuItem, menu, people_pages
        from samskaping.dashboards import audit_verbs, homes  # noqa: F401 - it registers words
        from samskaping.dashboards.services import together  # noqa: F401 - and what is sent

        menu.register(MenuItem(_("Oversikt"), "overview", order=10, visible=homes.has_overview))
        menu.register(MenuItem(_("Denne uka"), "this_week", order=20, visible=homes.has_week))
        menu.register(MenuItem(_("Min side"), "my_page", order=20, visible=homes.has_my_page))
        people_pages.register(MenuItem(_("Roller"), "members", order=10, visible=homes.manages_people))
        people_pages.register(MenuItem(_("Meldinger"), "notices", order=20, visible=homes.sends_notices))
        people_pages.register(MenuItem(_("Brev"), "letters", order=30, visible=homes.sends_notices))
        people_pages.register(MenuItem(_("Ringeliste"), "calls", order=40, visible=homes.sends_notices))
        people_pages.register(MenuItem(_("Historikk"), "history", order=90, visible=homes.reads_history))
