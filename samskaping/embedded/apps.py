from django.apps import AppConfig


class EmbeddedConfig(AppConfig):
    name = "samskaping.embedded"
    label = "embedded"
