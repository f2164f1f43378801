"""`manage.py messages`: brings the catalogues in step with the source and says what remains to translate."""

from __future__ import annotations

from typing import Any

import polib
from django.core.management.base import BaseCommand, CommandError

from samskaping.core import catalogues

HEADER = {
    "Project-Id-Version": "Samskaping",
    "MIME-Version": "1.0",
    "Content-Type": "text/plain; charset=utf-8",
    "Content-Transfer-Encoding": "8bit",
    "Plural-Forms": "nplurals=2; plural=(n != 1);",
}


class Command(BaseCommand):
    help = "Put new texts into the catalogues, take out those that are gone, and report what is missing."
    requires_system_checks = ()

    def handle(self, *_args: Any, **_options: Any) -> None:
        for language in catalogues.LANGUAGES:
            self._update(language)
        problems = catalogues.missing_translations()
        for problem in problems:
            self.stdout.write(problem)
        if problems:
            msg = f"{len(problems)} left to translate or correct."
            raise CommandError(msg)
        self.stdout.write("The catalogues are complete.")

    def _update(self, language: str) -> None:
        """Keep what is translated, in a stable order without line numbers: a diff shows only what changed."""
        path = catalogues.catalogue_path(language)
        old = polib.pofile(path) if path.is_file() else polib.POFile()
        kept = {catalogues.message_of(entry): entry for entry in old if not entry.obsolete}
        new = polib.POFile(wrapwidth=100)
        new.metadata = {**HEADER, "Language": language}
        for message in sorted(catalogues.expected(language)):
            new.append(kept.get(message) or _empty(message))
        path.parent.mkdir(parents=True, exist_ok=True)
        new.save(path)


def _empty(message: catalogues.Message) -> polib.POEntry:
    entry = polib.POEntry(msgid=message.text, msgctxt=message.context or None)
    if message.plural:
        entry.msgid_plural = message.plural
        entry.msgstr_plural = {0: "", 1: ""}
    return entry
