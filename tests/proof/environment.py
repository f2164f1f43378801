"""An odd environment value stops the start with one sentence that names it, whatever it is."""

import ipaddress
import os
import random
import re
import runpy
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple
from unittest.mock import patch

from tests.deploy.environment import variables_read
from tests.proof import odd_values
from tests.proof.registry import Tally, proof

ROOT = Path(__file__).resolve().parents[2]
KEY = "k" * 50
GOOD = {
    "SECRET_KEY": KEY,
    "DATABASE_URL": "postgresql://portal_app:x@127.0.0.1:1/samskaping",
    "DATABASE_OWNER_URL": "postgresql://portal_owner:x@127.0.0.1:1/samskaping",
    "REDIS_URL": "redis://127.0.0.1:1/0",
    "MAIL_URL": "smtp://127.0.0.1:1",
}


class Setting(NamedTuple):
    """Of which kind a variable is, and which of the kind's values a person could mean."""

    kind: str
    usable: Callable[[str], bool]


def _number(low: int, high: int) -> Setting:
    return Setting("number", lambda v: bool(re.fullmatch(r"[0-9]{1,12}", v)) and low <= int(v) <= high)


def _choice(*among: str) -> Setting:
    return Setting("choice", lambda v: v in among)


def _all_networks(value: str) -> bool:
    try:
        return all(ipaddress.ip_network(part.strip(), strict=False) for part in value.split(","))
    except ValueError:
        return False


def _bindable(value: str) -> bool:
    try:
        ipaddress.ip_address(value)
    except ValueError:
        return value == "localhost"
    return True


def _plain_address(value: str) -> bool:
    return bool(re.fullmatch(r"(postgres(ql)?|rediss?)://[!-~]*@host(/name)?", value))


SITE = Setting(
    "site",
    lambda v: bool(re.fullmatch(r"https?://[A-Za-z0-9][A-Za-z0-9.-]*[A-Za-z0-9](:[0-9]{1,5})?/*", v)),
)
FLAG = Setting("flag", lambda v: v.lower() in {"1", "0", "true", "false", "yes", "no", "on", "off"})
SETTINGS = {
    "ALLOWED_HOSTS": Setting(
        "hosts", lambda v: any(_parts(v)) and all(odd_values.is_host(part) for part in _parts(v))
    ),
    # What they say together is tried in tests/agreements/test_archive.py.
    "ARCHIVE_FOLDER": Setting("alone", lambda v: v.startswith("/")),
    "ARCHIVE_HEADERS": Setting("alone", lambda v: v.strip() == "{}"),  # without an address
    "ARCHIVE_URL": Setting("site", lambda v: bool(re.fullmatch(r"https://[!-~]+", v))),
    "BIND": Setting("bind", _bindable),
    "CLAMAV_URL": Setting("scanner", lambda v: bool(re.fullmatch(r"tcp://[!-~]+", v))),
    "DATABASE_OWNER_URL": Setting("database", _plain_address),
    "DATABASE_URL": Setting("database", _plain_address),
    "DEBUG": FLAG,
    "DEMO": FLAG,
    "DEVELOPER_PAGES": FLAG,
    "HSTS_SECONDS": _number(0, 63_072_000),
    "LOG_FORMAT": _choice("json", "text"),
    "LOG_LEVEL": _choice("DEBUG", "INFO", "WARNING", "ERROR"),
    "MAIL_FROM": Setting("email", odd_values.is_email),
    "MAIL_URL": Setting("mail", lambda v: bool(re.fullmatch(r"smtp(s|\+tls)?://[!-~]+", v))),
    # Whatever they are, each is refused without the other two.
    "OIDC_CLIENT_ID": Setting("alone", lambda _: False),
    "OIDC_CLIENT_SECRET": Setting("alone", lambda _: False),
    "OIDC_ISSUER": Setting("issuer", lambda _: False),
    "OIDC_NAME": Setting("name", lambda v: v.isprintable() and len(v) <= 60),
    "PORT": _number(1, 65535),
    "REDIS_URL": Setting("redis", _plain_address),
    "REGISTER_URL": SITE,
    "SEAL_CERTIFICATE": Setting("alone", lambda v: Path(v).is_file()),
    "SEAL_PASSWORD": Setting("alone", lambda _: False),  # without a certificate
    "SECOND_FACTOR": _choice("required"),  # optional is for the demo alone
    "SECRET_KEY": Setting("key", lambda v: len(v) >= 50 and v.isprintable()),
    "SECRET_KEY_FALLBACKS": Setting("keys", lambda _: False),
    "SITE_URL": SITE,
    # What they say together is tried in tests/core/test_sms.py; alone each is refused, whatever it is.
    "SMS_BODY": Setting("alone", lambda _: False),
    "SMS_DELIVERED": Setting("alone", lambda _: False),
    "SMS_FAILED": Setting("alone", lambda _: False),
    "SMS_HEADERS": Setting("alone", lambda _: False),
    "SMS_RECEIPT": Setting("alone", lambda _: False),
    "SMS_STATUS": Setting("alone", lambda _: False),
    "SMS_STATUS_URL": Setting("alone", lambda _: False),
    "SMS_URL": Setting("alone", lambda _: False),
    "TIMESTAMP_URL": Setting("site", lambda v: bool(re.fullmatch(r"https?://[!-~]+", v))),
    "TRUSTED_PROXIES": Setting("networks", _all_networks),
    "WEB_WORKERS": _number(1, 64),
    "WORKER_CONCURRENCY": _number(1, 64),
}


def _parts(value: str) -> list[str]:
    return [part.strip() for part in value.split(",") if part.strip()]


@proof("env", "An odd value in the environment: one sentence on stderr that names the variable, no start")
def env(small: bool) -> Tally:
    tally = Tally()
    strictly_read = {
        name for name, places in variables_read().items() if any(p.reader != "environ" for p in places)
    }
    tally.check(strictly_read == set(SETTINGS), f"not tried: {sorted(strictly_read ^ set(SETTINGS))}")
    with tempfile.TemporaryDirectory() as folder:
        for name in sorted(strictly_read & set(SETTINGS)):
            _in_process(tally, name, 40 if small else 2000)
            _by_file(tally, name, Path(folder))
        _whole_starts(tally, 4 if small else 60, Path(folder))
    return tally


# --- In this process: the module that reads the variable is run again --------------------------------
def _in_process(tally: Tally, name: str, count: int) -> None:
    setting = SETTINGS[name]
    # The same values at every run, so that a failure can be tried again.
    values = odd_values.of(setting.kind, count, chance=random.Random(name), usable=setting.usable)  # noqa: S311
    for reader, value in zip(cycle(_readers(name)), values, strict=False):
        trouble = _refused(reader, name, {name: value})
        tally.check(not trouble, f"{name}={value!r}: {trouble}")


def _by_file(tally: Tally, name: str, folder: Path) -> None:
    """NAME_FILE: not there, a folder, not text, and both set."""
    (folder / "bytes").write_bytes(b"\xff\xfe\x00\x80")
    (folder / "good").write_text("1")
    odd = [{f"{name}_FILE": str(folder / file)} for file in ("absent", ".", "bytes", "absent/file")]
    odd.append({f"{name}_FILE": str(folder / "good"), name: GOOD.get(name, "1")})
    for given in odd:
        trouble = _refused(_readers(name)[0], name, given)
        tally.check(not trouble, f"{given}: {trouble}")


def _readers(name: str) -> Sequence[Callable[[], object]]:
    # is_set only asks whether there is a value; somebody else judges it.
    modules = {p.module for p in variables_read()[name] if p.reader not in ("environ", "is_set")}
    return [_reader(module) for module in sorted(modules)]


def _reader(module: Path) -> Callable[[], object]:
    if module.name == "up.py":
        from samskaping.embedded.up import Plan

        return Plan.from_environment
    return lambda: runpy.run_path(str(ROOT / module))


def _refused(read: Callable[[], object], name: str, given: dict[str, str]) -> str:
    """Why the refusal was not as promised; empty when it was."""
    from samskaping.env import BadEnvironment

    kept = {key: value for key, value in GOOD.items() if key not in {k.removesuffix("_FILE") for k in given}}
    with _environment({**kept, **given}):
        try:
            read()
        except BadEnvironment as refusal:
            return _sentence_trouble(str(refusal), name)
        except BaseException as error:  # SystemExit and all: only our own refusal will do
            return f"raised {type(error).__name__}: {str(error)[:80]}"
        return "was taken"


def _sentence_trouble(sentence: str, name: str) -> str:
    if not re.search(rf"\b{name}(_FILE)?\b", sentence):
        return f"the sentence does not name it: {sentence}"
    if len(sentence.splitlines()) != 1 or not sentence.isprintable() or len(sentence) > 300:
        return f"not one plain line: {sentence!r}"
    if odd_values.PASSWORD in sentence:
        return f"the password is repeated: {sentence}"
    return ""


@contextmanager
def _environment(values: dict[str, str]) -> Iterator[None]:
    kept = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in SETTINGS}
    with patch.dict(os.environ, {**kept, **values}, clear=True):
        yield


# --- Whole starts: what a person sees on the terminal -------------------------------------------------
def _whole_starts(tally: Tally, count: int, folder: Path) -> None:
    commands = {
        "check": ("manage.py", "check"),
        "release": ("manage.py", "release"),
        "gunicorn": ("-m", "gunicorn", "-c", "samskaping/gunicorn.py", "samskaping.wsgi"),
        "celery": ("-m", "celery", "-A", "samskaping", "worker"),
        "up": ("manage.py", "up"),
    }
    # Who reads what: settings are read by all of them.
    only = {
        "BIND": ("gunicorn", "up"),
        "WEB_WORKERS": ("gunicorn", "up"),
    }
    chance = random.Random("whole starts")  # noqa: S311
    tries: list[tuple[str, str, str]] = []
    for turn, name in enumerate(islice(cycle(SETTINGS), count)):
        setting = SETTINGS[name]
        (value,) = odd_values.of(setting.kind, 1, chance=chance, usable=setting.usable)
        programs = only.get(name, tuple(commands))
        tries.append((programs[turn % len(programs)], name, value))

    def start(one: tuple[str, str, str]) -> str:
        program, name, value = one
        data = folder / f"data-{program}-{name}"
        return _start(commands[program], name, {**GOOD, "DATA_DIR": str(data), name: value}, data)

    with ThreadPoolExecutor(max_workers=os.cpu_count()) as pool:
        for (program, name, value), trouble in zip(tries, pool.map(start, tries), strict=True):
            tally.check(not trouble, f"{program} with {name}={value!r}: {trouble}")


def _start(command: tuple[str, ...], name: str, given: dict[str, str], data: Path) -> str:
    with_nothing_of_ours = {k: v for k, v in os.environ.items() if k.removesuffix("_FILE") not in SETTINGS}
    with_nothing_of_ours.pop("DJANGO_SETTINGS_MODULE", None)
    try:
        done = subprocess.run(
            [sys.executable, *command],
            cwd=ROOT,
            env={**with_nothing_of_ours, **given},
            capture_output=True,
            text=True,
            timeout=60,
            check=False,
        )
    except subprocess.TimeoutExpired:
        return "went on running"
    if done.returncode == 0:
        return "ended with status 0"
    if data.exists():
        return "left a half-made data folder"
    said = (done.stdout + done.stderr).strip()
    return _sentence_trouble(said, name)
