"""The worker's and the beat's entry point: celery -A samskaping."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")

app = Celery("samskaping")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
