"""Which user PostgreSQL runs as. It refuses root, and root is what containers and small servers have.

- An ordinary user runs it directly.
- Root runs it in a user namespace, where root's files belong to «nobody»: binaries and data stay
  where they are, even under folders that only root may enter.
- Where namespaces are blocked (many containers), binaries and data move to a service folder
  owned by the account «nobody», which may not enter DATA_DIR.
"""

import hashlib
import os
import pwd
import shutil
import subprocess
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from samskaping.embedded.errors import StartError

_NAMESPACE = ("unshare", "--user", "--map-user=65534", "--map-group=65534")
_SERVICES = Path("/var/lib")


@dataclass(frozen=True)
class Account:
    """How to run a server program, and where its files must be for that."""

    binaries: Path
    data: Path
    prefix: tuple[str, ...] = ()
    popen: dict[str, Any] = field(default_factory=dict)
    uid: int | None = None

    def command(self, program: str, *arguments: str) -> list[str]:
        return [*self.prefix, str(self.binaries / program), *arguments]

    def make(self, folder: Path) -> None:
        """Makes a folder that the account may write in."""
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        self.give(folder)

    def give(self, folder: Path) -> None:
        if self.uid is not None:
            for path in (folder, *folder.rglob("*")):
                os.chown(path, self.uid, -1, follow_symlinks=False)


def homes(data_dir: Path) -> tuple[Path, Path]:
    """The two places where this DATA_DIR's database may be: its own folder and the service folder."""
    name = hashlib.sha256(os.fsencode(data_dir)).hexdigest()[:12]
    return data_dir / "postgres", _SERVICES / f"samskaping-{name}" / "postgres"


def choose(data_dir: Path, binaries: Path) -> Account:
    """The account for this DATA_DIR, with the data brought to where that account keeps it.

    No server may be running on the data. Raises StartError when there is no account to run as.
    """
    at_home, at_service = homes(data_dir)
    service = at_service.parent
    if os.geteuid() != 0:
        return Account(binaries, at_home)
    if _namespace_works(data_dir, binaries):
        account = Account(binaries, at_home, prefix=_NAMESPACE)
        _bring(at_service, account)
        return account
    try:
        person = pwd.getpwnam("nobody")
    except KeyError:
        raise StartError(
            "PostgreSQL refuses to run as root, and there is no account «nobody» to run it as. "
            "Start as an ordinary user."
        ) from None
    service.mkdir(mode=0o755, exist_ok=True)
    (service / "README").write_text(f"PostgreSQL of the portal with DATA_DIR {data_dir}\n")
    account = Account(
        _copy_binaries(binaries, service),
        at_service,
        popen={"user": person.pw_uid, "group": person.pw_gid, "extra_groups": []},
        uid=person.pw_uid,
    )
    _bring(at_home, account)
    return account


def _namespace_works(data_dir: Path, binaries: Path) -> bool:
    """Tries it: enter a namespace, run the program, write in the data folder."""
    if os.environ.get("EMBEDDED_NAMESPACE", "1") == "0" or not shutil.which(_NAMESPACE[0]):
        return False
    script = '"$1" --version && test -w "$2"'
    command = [*_NAMESPACE, "sh", "-c", script, "sh", str(binaries / "postgres"), str(data_dir)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _copy_binaries(binaries: Path, service: Path) -> Path:
    """A copy that «nobody» can reach, made again when the wheel changes."""
    package = binaries.parents[1]
    version = binaries.parent.name
    stamp = (binaries / "postgres").stat()
    copy = service / f"{version}-{stamp.st_size}-{int(stamp.st_mtime)}"
    if not copy.exists():
        for old in service.glob("pginstall*"):
            shutil.rmtree(old)
        draft = service / ".copy"
        shutil.rmtree(draft, ignore_errors=True)
        for part in ("bin", "lib", "share"):
            shutil.copytree(package / version / part, draft / package.name / version / part, symlinks=True)
        # The wheel's own shared libraries, which the programs look for three folders up.
        libraries = package.with_name(f"{package.name}.libs")
        if libraries.is_dir():
            shutil.copytree(libraries, draft / libraries.name)
        draft.rename(copy)
    return copy / package.name / version / "bin"


def _bring(elsewhere: Path, account: Account) -> None:
    """Moves a database made under the other way of running, so that no way starts with an empty one."""
    if not elsewhere.exists() or account.data.exists():
        return
    draft = account.data.with_name(".incoming")
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(elsewhere, draft, symlinks=True)
    account.give(draft)
    if account.uid is None:
        for path in (draft, *draft.rglob("*")):
            os.chown(path, os.geteuid(), os.getegid(), follow_symlinks=False)
    draft.rename(account.data)
    shutil.rmtree(elsewhere)
