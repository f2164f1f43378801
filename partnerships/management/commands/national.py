"""A nation of municipalities to measure the portal with."""

from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from partnerships.services.national import RealData, national_load
from samskaping.core.statistics import count_anew


class Command(BaseCommand):
    help = (
        "Fills all municipalities with invented rows, to measure the portal with. Never where it is in use."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--scale", type=float, default=1.0, help="1.0 is 30,000 partnerships.")
        parser.add_argument("--anyway", action="store_true", help="Also where neither DEBUG nor DEMO is 1.")

    def handle(self, *args: Any, **options: Any) -> None:
        if not (settings.DEBUG or settings.DEMO or options["anyway"]):
            message = "This is for trying and measuring. Set DEMO=1, or say --anyway."
            raise CommandError(message)
        if not 0 < options["scale"] <= 10:
            message = "Give a --scale above 0 and at most 10."
            raise CommandError(message)
        try:
            nation = national_load(options["scale"])
        except RealData:
            message = "A municipality uses this installation. Nothing is written among real data."
            raise CommandError(message) from None
        if not nation.written:
            self.stdout.write("The nation is there already.")
        else:
            count_anew()
        for name, rows in nation.written.items():
            self.stdout.write(f"{rows:>9,} {name}")
