"""What every test stands on. No Django import may happen here before `pytest_configure` has run."""

from collections.abc import Iterator
from typing import Any

import pytest

from tests import engines

_engines = pytest.StashKey[engines.TestEngines]()


@pytest.hookimpl(tryfirst=True)
def pytest_configure(config: pytest.Config) -> None:
    """Before pytest-django reads the settings (it does so last of all)."""
    if not hasattr(config, "workerinput"):  # an xdist worker inherits the addresses
        started = engines.start()
        if started is not None:
            config.stash[_engines] = started
    from django.conf import settings

    _ = settings.DATABASES  # loads them, so that pytest-django sets Django up


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    from tests.scheduling import BySuite

    return BySuite(config, log)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    started = config.stash.get(_engines, None)
    if started is not None:
        started.stop()


@pytest.fixture(scope="session")
def django_db_setup(
    request: pytest.FixtureRequest, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Replaces pytest-django's: two roles, see tests/database.py."""
    from tests.database import test_database

    worker = getattr(request.config, "workerinput", {}).get("workerid", "main")
    with django_db_blocker.unblock(), test_database(worker), django_db_blocker.block():
        yield


@pytest.fixture(autouse=True)
def _fresh_start() -> Iterator[None]:
    """A request leaves its language active in the thread, and counts towards rate limits in the cache."""
    yield
    from django.core.cache import cache
    from django.utils import translation

    translation.deactivate()
    cache.clear()


@pytest.fixture
def reference(db: None) -> None:
    """The counties, municipalities and our texts, for one test."""
    from samskaping.core.services.reference import reference_load

    reference_load()
