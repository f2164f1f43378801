from django.apps import AppConfig


class BackupConfig(AppConfig):
    name = "samskaping.backup"
    label = "backup"
