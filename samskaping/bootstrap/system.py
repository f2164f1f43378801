"""Programs and libraries of the system: found, installed where that needs no password, or asked for."""

import ctypes
import ctypes.util
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from samskaping.bootstrap.console import Console, ProgramFailed, SetupError

# Where Homebrew keeps libraries, on Apple's processors and on Intel's.
BREW_LIBRARIES = ("/opt/homebrew/lib", "/usr/local/lib")


@dataclass(frozen=True)
class Tool:
    """Something of the system's: how to see that it is there, and what packages bring it."""

    name: str
    present: Callable[[], bool]
    apt: tuple[str, ...]
    brew: tuple[str, ...] = ()


def ensure(tools: Iterable[Tool], console: Console) -> None:
    """Installs those that are missing. Raises SetupError with what to type when it cannot."""
    missing = [tool for tool in tools if not tool.present()]
    if not missing:
        return
    apt = [package for tool in missing for package in tool.apt]
    brew = [package for tool in missing for package in tool.brew]
    names = ", ".join(tool.name for tool in missing)
    try:
        if shutil.which("apt-get"):
            to_type = f"sudo apt-get install {' '.join(apt)}"
            tried = _apt(apt, console)
        elif sys.platform == "darwin" and shutil.which("brew") and all(tool.brew for tool in missing):
            to_type = f"brew install {' '.join(brew)}"
            console.run(["brew", "install", *brew], cwd=Path("/"))
            tried = True
        else:
            to_type = f"the package manager of this system (Debian calls them {' '.join(apt)})"
            tried = False
    except ProgramFailed as failed:
        reason = failed.last_line.rstrip(".")
        raise SetupError(
            f"Missing on this machine: {names}; installing failed ({reason}). Install with: {to_type}"
        ) from None
    still = [tool.name for tool in missing if not tool.present()]
    if still:
        after = " even after installing" if tried else ""
        raise SetupError(f"Missing on this machine{after}: {', '.join(still)}. Install with: {to_type}")


def _apt(packages: list[str], console: Console) -> bool:
    """True when tried; False when only a person with a password can."""
    if os.geteuid() == 0:
        become: tuple[str, ...] = ()
    elif (
        shutil.which("sudo")
        and subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False).returncode == 0
    ):
        become = ("sudo", "-n")
    else:
        return False
    apt = (*become, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "-q", "-o", "DPkg::Lock::Timeout=60")
    install = (*apt, "install", "-y", "--no-install-recommends", *packages)
    try:
        console.run(install, cwd=Path("/"))
    except ProgramFailed:
        # A fresh machine has no lists of packages yet.
        console.run((*apt, "update"), cwd=Path("/"))
        console.run(install, cwd=Path("/"))
    return True


def _program(*names: str) -> Callable[[], bool]:
    return lambda: any(shutil.which(name) for name in names)


def _pango() -> bool:
    """Can the libraries be loaded that WeasyPrint loads?"""
    return all(
        _loads(name) for name in ("gobject-2.0", "pango-1.0", "pangoft2-1.0", "harfbuzz", "fontconfig")
    )


def _loads(name: str) -> bool:
    version = "1" if name == "fontconfig" else "0"
    known = ctypes.util.find_library(name) if sys.platform == "darwin" else None
    brewed = [f"{folder}/lib{name}.{kind}" for folder in BREW_LIBRARIES for kind in ("0.dylib", "dylib")]
    for candidate in (known, f"lib{name}.so.{version}", *brewed):
        try:
            if candidate:
                ctypes.CDLL(candidate)
                return True
        except OSError:
            continue
    return False


def _postgres() -> bool:
    return bool(shutil.which("postgres")) or any(Path("/usr/lib/postgresql").glob("*/bin/postgres"))


def _chromium() -> bool:
    apps = ("Chromium.app", "Google Chrome.app")
    names = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
    return _program(*names)() or any(Path("/Applications", app).exists() for app in apps)


PANGO = Tool("Pango", _pango, ("libpango-1.0-0", "libpangoft2-1.0-0", "libharfbuzz-subset0"), ("pango",))
REDIS = Tool("Redis", _program("redis-server"), ("redis-server",), ("redis",))
POSTGRES = Tool("PostgreSQL", _postgres, ("postgresql",), ("postgresql@18",))
CHROMIUM = Tool("Chromium", _chromium, ("chromium",))
JAVA = Tool("Java", _program("java"), ("default-jre-headless",), ("openjdk",))
POPPLER = Tool("poppler-utils", _program("pdfsig"), ("poppler-utils",), ("poppler",))
QPDF = Tool("qpdf", _program("qpdf"), ("qpdf",), ("qpdf",))
