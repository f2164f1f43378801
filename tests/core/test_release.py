"""manage.py release: one command before a new version serves anybody."""

from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connections

from samskaping.core.models import Municipality


@pytest.mark.django_db(transaction=True, databases=["default", "owner"])
def test_makes_ready_and_can_run_again(settings: Any, tmp_path: Path) -> None:
    settings.STATIC_ROOT = tmp_path / "static"
    for _time in ("first", "again"):
        said = StringIO()
        call_command("release", stdout=said)
        assert said.getvalue().splitlines()[-1] == "Ready."
    assert Municipality.objects.count() == 357
    assert (settings.STATIC_ROOT / "css" / "base.css").exists()


@pytest.mark.django_db
def test_database_that_does_not_answer_is_one_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    away = connections["default"].copy()
    away.settings_dict = {**away.settings_dict, "HOST": "/nowhere-at-all"}
    monkeypatch.setattr(connections["owner"], "ensure_connection", away.ensure_connection)
    with pytest.raises(CommandError, match="Check DATABASE_OWNER_URL"):
        call_command("release", stdout=StringIO())
