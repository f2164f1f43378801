from typing import Any

from django.core.management.base import BaseCommand

from samskaping.core.services.reference import reference_load


class Command(BaseCommand):
    help = "Loads counties, municipalities and our texts. Safe to run again."

    def handle(self, *args: Any, **options: Any) -> None:
        report = reference_load()
        new = f", {len(report.new_texts)} of them new or changed" if report.new_texts else ""
        self.stdout.write(f"{report.municipalities} municipalities, {report.texts} texts{new}.")
