"""Backup and restore on the system's PostgreSQL: over TCP with passwords, an owner that may not make
databases, and only the packages of the image."""

import pytest

from tests.deploy import servers
from tests.deploy.test_servers import get

pytestmark = [
    pytest.mark.servers,
    pytest.mark.xdist_group("servers"),
    pytest.mark.skipif(
        bool(servers.missing()),
        reason=f"NOT RUN: the real servers' suite needs {servers.missing()} from the system's packages",
    ),
]


def test_everything_comes_back(tmp_path):
    with servers.machine() as machine:
        released = machine.manage("release", "--no-static")
        assert released.returncode == 0, released.stderr
        path = tmp_path / "kept.backup"
        made = machine.manage("backup", str(path))
        assert made.returncode == 0, made.stderr
        for _time in ("onto itself", "and again, onto what a restore made"):
            done = machine.manage("restore", "--replace", "--yes", str(path))
            assert done.returncode == 0, done.stderr
            assert "A sign-in was tried, and works." in done.stdout
        assert machine.secret("portal_owner_password") not in made.stdout + made.stderr
        second = machine.manage("backup", str(tmp_path / "second.backup"))
        assert second.returncode == 0, second.stderr
        again = machine.manage("restore", "--replace", "--yes", str(tmp_path / "second.backup"))
        assert again.returncode == 0, again.stderr
        machine.start("web")
        machine.wait_healthy("web")
        assert get(machine, "/readyz").status == 200  # from now on it holds a connection
        refused = machine.manage("restore", "--replace", "--yes", str(path))
        assert refused.returncode == 1
        assert "Stop it first" in refused.stderr
