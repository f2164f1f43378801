"""manage.py restore: a backup back in its place, and proof that it is all there."""

import time
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import Error as DatabaseError
from django.db import connections

from samskaping.backup import archive, census, restoring, servers
from samskaping.backup.errors import BackupError
from samskaping.core.services.replay import replay_guard_release

_HELD = """\
{held} messages from the backup are held, and so is what the clock will want to send: some may have
gone out after the backup was made. When you have decided, say one of
  manage.py restore --send-held     everything held is sent
  manage.py restore --drop-held     nothing of it is sent"""


class Command(BaseCommand):
    help = "Restores a backup, compares everything with it, and tries a sign-in."
    requires_system_checks = ()

    def add_arguments(self, parser: CommandParser) -> None:
        what = parser.add_mutually_exclusive_group(required=True)
        what.add_argument("file", nargs="?", type=Path, help="What manage.py backup wrote.")
        what.add_argument("--send-held", action="store_true", help="Send what was held after a restore.")
        what.add_argument(
            "--drop-held", action="store_true", help="Never send what was held after a restore."
        )
        parser.add_argument(
            "--replace", action="store_true", help="Also on a database that people have used."
        )
        parser.add_argument("--yes", action="store_true", help="With --replace: do not ask (for scripts).")
        parser.add_argument(
            "--key-lost", action="store_true", help="The SECRET_KEY from then does not exist."
        )

    def handle(self, *, file: Path | None, **options: Any) -> None:
        try:
            if file is not None:
                archive.read_manifest(file)  # before a server is started for a name typed wrong
            with servers.running():
                if file is None:
                    self._release(send=options["send_held"])
                else:
                    self._restore(file, **options)
        except BackupError as error:
            raise CommandError(str(error)) from None

    def _restore(self, file: Path, *, replace: bool, yes: bool, key_lost: bool, **options: Any) -> None:
        begun = time.monotonic()
        restoring.refuse_while_in_use()
        manifest = restoring.check(file, key_lost=key_lost)
        self.stdout.write(f"{file.name} is whole, and was made {manifest['made_at']}.")
        there = restoring.what_is_there()
        if there:
            self._agree(there, replace=replace, yes=yes)
        done = restoring.restore(file, manifest)
        found = manifest["census"]
        self.stdout.write(
            f"Restored in {time.monotonic() - begun:.0f} s and compared with the backup: "
            f"{len(found['tables'])} tables, {census.row_count(found):,} rows with their content, "
            f"{found['files']['count']:,} files "
            f"hashed again, {len(found['rules'])} constraints, triggers and indexes."
        )
        if done.migrated:
            self.stdout.write("The backup is older than this portal, so the database was migrated.")
        self.stdout.write("Everybody is signed out.")
        self.stdout.write(_HELD.format(held=done.held))
        if done.trouble:
            raise CommandError("Something is wrong all the same: " + "; ".join(done.trouble) + ".")
        self.stdout.write("A sign-in was tried, and works.")

    def _agree(self, there: dict[str, int], *, replace: bool, yes: bool) -> None:
        contents = " and ".join(f"{count:,} {words}" for words, count in there.items())
        name = connections["owner"].settings_dict["NAME"]
        if not replace:
            message = (
                f"The database {name} is in use: {contents}. "
                "Say --replace to lose that, or take a backup first."
            )
            raise CommandError(message)
        if yes:
            return
        self.stdout.write(f"This will be lost: {contents}.")
        if input(f"Type the name of the database ({name}) to go on: ").strip() != name:
            message = "Nothing was changed."
            raise CommandError(message)

    def _release(self, *, send: bool) -> None:
        try:
            count = replay_guard_release(send=send)
        except DatabaseError:
            message = "The database does not answer, or it is older than this portal."
            raise CommandError(message) from None
        self.stdout.write(f"{count} messages {'will be sent' if send else 'were dropped'}.")
