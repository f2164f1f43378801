"""The settings as a fresh process reads them: odd values stop it, production's pass Django's own checks."""

import subprocess
import sys

import pytest

from samskaping.embedded.paths import REPOSITORY
from tests.engines import bare_environment

KEY = "a-key-of-the-tests-that-is-long-enough-0123456789-abcdefgh"
PRODUCTION = {
    "SECRET_KEY": KEY,
    "SITE_URL": "https://samskaping.example",
    "MAIL_URL": "smtp+tls://portal:secret@mail.example",
}


def run(*command: str, **environment: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, *command],
        env={**bare_environment(), **environment},
        cwd=REPOSITORY,
        capture_output=True,
        text=True,
        check=False,
    )


SECRETS = ("s3cret-pass", "short-key")
ODD = {
    "SECRET_KEY missing beside a server of one's own": (
        "SECRET_KEY",
        {
            "SECRET_KEY": "",
            "DATABASE_URL": "postgresql://app@db.example/portal",
            "DATABASE_OWNER_URL": "postgresql://owner@db.example/portal",
        },
    ),
    "SECRET_KEY short": ("SECRET_KEY", {"SECRET_KEY": "short-key"}),
    "DEBUG": ("DEBUG", {"DEBUG": "kanskje"}),
    "DEVELOPER_PAGES": ("DEVELOPER_PAGES", {"DEVELOPER_PAGES": "2"}),
    "DEMO": ("DEMO", {"DEMO": "demo"}),
    "PORT": ("PORT", {"SITE_URL": "", "PORT": "åtti"}),
    "SITE_URL": ("SITE_URL", {"SITE_URL": "samskaping.example"}),
    "ALLOWED_HOSTS": ("ALLOWED_HOSTS", {"ALLOWED_HOSTS": "https://samskaping.example"}),
    "HSTS_SECONDS": ("HSTS_SECONDS", {"HSTS_SECONDS": "et år"}),
    "MAIL_URL missing": ("MAIL_URL", {"MAIL_URL": ""}),
    "MAIL_URL": ("MAIL_URL", {"MAIL_URL": "http://:s3cret-pass@mail.example"}),
    "MAIL_FROM": ("MAIL_FROM", {"MAIL_FROM": "Portalen <portal@samskaping.example>"}),
    "LOG_LEVEL": ("LOG_LEVEL", {"LOG_LEVEL": "LOUD"}),
    "LOG_FORMAT": ("LOG_FORMAT", {"LOG_FORMAT": "xml"}),
    "REDIS_URL": ("REDIS_URL", {"REDIS_URL": "http://:s3cret-pass@redis"}),
    "DATABASE_URL alone": ("DATABASE_OWNER_URL", {"DATABASE_URL": "postgresql://a:s3cret-pass@h/n"}),
    "DATABASE_OWNER_URL alone": ("DATABASE_URL", {"DATABASE_OWNER_URL": "postgresql://a:s3cret-pass@h/n"}),
    "DATABASE_URL of another kind": (
        "DATABASE_URL",
        {"DATABASE_URL": "mysql://a:s3cret-pass@h/n", "DATABASE_OWNER_URL": "postgresql://o@h/n"},
    ),
    "DATABASE_URL with an odd port": (
        "DATABASE_URL",
        {"DATABASE_URL": "postgresql://a:s3cret-pass@h:x/n", "DATABASE_OWNER_URL": "postgresql://o@h/n"},
    ),
    "SECRET_KEY_FILE": ("SECRET_KEY_FILE", {"SECRET_KEY": "", "SECRET_KEY_FILE": "/nowhere/at/all"}),
}


@pytest.mark.parametrize(("named", "odd"), ODD.values(), ids=ODD.keys())
def test_odd_value_stops_the_start_with_one_sentence(named: str, odd: dict[str, str]) -> None:
    done = run("-c", "import samskaping.settings", **{**PRODUCTION, **odd})
    assert done.returncode == 1
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    assert done.stderr.startswith(f"{named} ") or f" {named} " in done.stderr
    assert not any(secret in done.stderr for secret in SECRETS)


def test_production_settings_pass_djangos_deploy_checks() -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **PRODUCTION)
    assert (done.returncode, done.stdout.strip()) == (0, "System check identified no issues (0 silenced)."), (
        done.stderr
    )


@pytest.mark.parametrize(
    ("weak", "complaint"),
    [
        ({"SITE_URL": "http://samskaping.example"}, "security.W008"),
        ({"DEBUG": "1"}, "security.W018"),
        ({"DEVELOPER_PAGES": "1"}, "core.E002"),
    ],
)
def test_deploy_checks_see_a_weak_installation(weak: dict[str, str], complaint: str) -> None:
    done = run("manage.py", "check", "--deploy", "--fail-level", "WARNING", **{**PRODUCTION, **weak})
    assert done.returncode != 0
    assert complaint in done.stderr


def test_https_gives_safe_cookies() -> None:
    names = (
        "SESSION_COOKIE_NAME SESSION_COOKIE_SECURE CSRF_COOKIE_NAME CSRF_COOKIE_SECURE SECURE_SSL_REDIRECT"
    )
    show = f"import samskaping.settings as s; print(*[getattr(s, n) for n in '{names}'.split()])"
    assert run("-c", show, **PRODUCTION).stdout.split() == [
        "__Host-samskaping",
        "True",
        "__Host-csrf",
        "True",
        "True",
    ]


def test_without_debug_there_is_no_developer_page() -> None:
    show = (
        "import django; django.setup(); from django.urls import reverse, NoReverseMatch\n"
        "try: reverse('components')\nexcept NoReverseMatch: print('none')"
    )
    done = run("-c", show, **PRODUCTION, DJANGO_SETTINGS_MODULE="samskaping.settings")
    assert done.stdout.strip() == "none", done.stderr


def test_the_tests_differ_from_production_only_where_they_say_so() -> None:
    """A setting that tests soften silently is a defence nobody tests."""
    import samskaping.settings as production
    from samskaping.settings import test as ours

    changed = {
        name
        for name in dir(production)
        if name.isupper() and getattr(production, name) != getattr(ours, name)
    }
    # DATABASES: the owner's lock_timeout; the dictionary itself is shared.
    # REGISTER_URL: no test asks the world.
    assert changed == {"DEVELOPER_PAGES", "PASSWORD_HASHERS", "REGISTER_URL", "STORAGES"}
