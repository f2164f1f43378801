import sys
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand

from samskaping.embedded.errors import StartError


class Command(BaseCommand):
    help = (
        "Starts the whole portal: database and Redis (unless their addresses are set), web, worker and beat."
    )
    requires_system_checks = ()  # `release` checks, with the database there

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            from samskaping.embedded import up
        except ModuleNotFoundError as error:
            if error.name not in ("honcho", "psutil"):
                raise
            sys.exit(
                f"`manage.py up` needs the package {error.name}: install requirements/run.txt, "
                "or start web, worker and beat on their own as docker-compose.yml does."
            )
        try:
            up.run(settings.SITE_URL)
        except StartError as error:
            sys.exit(str(error))
