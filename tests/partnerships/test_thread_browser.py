"""The thread, tried as new users would: from an empty municipality to what people do together, and why.

Issue 5's «Done when»: ten minutes to «Dette har vi sammen», then a partnership that is anchored in both sides'
words, clarified, with nobody missing on the map, and a question that finds its answer.
"""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from samskaping.embedded import paths
from tests.embedded.running import Portal, environment, kill_all
from tests.partnerships.register_server import VALID, register_server, unit
from tests.partnerships.test_first_day_browser import PASSWORD, Scene, accept, chromium, invite

pytestmark = [pytest.mark.browser, pytest.mark.xdist_group("browser")]

# A municipality with nothing in it but two people who have work to do.
PEOPLE = f"""
import os, django
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "samskaping.settings")
django.setup()
from samskaping.accounts.permissions import Role
from tests.factories.accounts import UserFactory
from tests.factories.core import MunicipalityFactory
from tests.factories.partnerships import SettingsFactory, member
town = MunicipalityFactory.create(number="9988", name="Nyvik")
SettingsFactory.create(municipality=town)
for login, role, name in (("tora", Role.COORDINATOR, "Tora Ny"), ("einar", Role.CHIEF, "Einar Sjef")):
    user = UserFactory.create(email=f"{{login}}@demo.example")
    user.set_password("{PASSWORD}")
    user.save()
    member(town, role, name=name, user=user)
"""


def registered_rows() -> list[dict[str, Any]]:
    names = ("NYVIK HELSELAG", "NYVIK TURLAG", "NYVIK MANNSKOR")
    return [unit(number, name) for number, name in zip(VALID, names, strict=True)]
