"""The invented municipalities to try the portal with."""

from typing import Any

from django.core.management.base import BaseCommand

from partnerships.demo import PASSWORD
from partnerships.services.demo import demo_load


class Command(BaseCommand):
    help = "Loads two invented municipalities with people in every role. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        demo_load()
        self.stdout.write(f"Demo: coordinator@demo.example and others, password {PASSWORD}.")
