"""What a new version needs before it serves anybody: one command for `up`, Docker and a deploy script."""

from io import StringIO
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import OperationalError, connections


class Command(BaseCommand):
    help = "Migrates as the owner, loads reference data, collects static files. Safe to run again."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--no-static", action="store_true", help="The files are collected already (Docker)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            connections["owner"].ensure_connection()
        except OperationalError:
            message = "The database does not answer. Check DATABASE_OWNER_URL, and that the server is up."
            raise CommandError(message) from None
        call_command("check", databases=["default", "owner"])
        call_command("migrate", database="owner", verbosity=0, interactive=False)
        # After the first migration only: the app's role gets its rights at the end of it.
        call_command("reference", stdout=self.stdout)
        if not settings.DEBUG and not options["no_static"]:
            quiet = StringIO()
            call_command("collectstatic", interactive=False, clear=False, verbosity=0, stdout=quiet)
        self.stdout.write("Ready.")
