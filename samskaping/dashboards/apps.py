from django.apps import AppConfig


class DashboardsConfig(AppConfig):
    name = "samskaping.dashboards"
    label = "dashboards"
    verbose_name = "Oversikter"
