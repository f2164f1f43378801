"""manage.py backup: everything in the database, in one file."""

import time
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from samskaping.backup import census, making, servers
from samskaping.backup.errors import BackupError


class Command(BaseCommand):
    help = "Writes everything in the database to one file that manage.py restore can read."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "target", nargs="?", type=Path, help="A folder, or a new file. Default: DATA_DIR/backups."
        )
        parser.add_argument(
            "--keep", type=int, metavar="N", help="Remove all but the N newest in the folder."
        )

    def handle(self, *, target: Path | None, keep: int | None, **options: Any) -> None:
        if keep is not None and keep < 1:
            message = "--keep must be at least 1."
            raise CommandError(message)
        if target is None:
            target = settings.DATA_DIR / "backups"
            target.mkdir(mode=0o700, parents=True, exist_ok=True)
        begun = time.monotonic()
        try:
            with servers.running():
                made = making.backup_make(target.resolve(), keep=keep)
        except BackupError as error:
            raise CommandError(str(error)) from None
        found = made.manifest["census"]
        self.stdout.write(
            f"{made.path}: {made.path.stat().st_size / 1e6:,.1f} MB in {time.monotonic() - begun:.0f} s. "
            f"{len(found['tables'])} tables, {census.row_count(found):,} rows, "
            f"{found['files']['count']:,} files."
        )
        for path in made.removed:
            self.stdout.write(f"Removed {path.name}.")
        if found["files"]["damaged"]:
            raise CommandError(
                f"The backup is whole, but {found['files']['damaged']} files in the database are not what "
                "they were when they were stored. Look for them in an older backup."
            )
