from django.apps import AppConfig


class EvaluationsConfig(AppConfig):
    name = "samskaping.evaluations"
    label = "evaluations"
    verbose_name = "Evaluering"
