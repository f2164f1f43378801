"""Turns what pip and npm say when they fail into one sentence."""

import re
from pathlib import Path

from samskaping.bootstrap.console import ProgramFailed, SetupError

# First match wins: an unreachable registry also makes pip say that it found no version.
_KNOWN = (
    (r"No space left on device|ENOSPC|Disk quota exceeded", "the disk is full. Make room and try again"),
    (
        (
            r"NewConnectionError|name resolution|Name or service not known|Network is unreachable"
            r"|Connection refused|ConnectTimeout|Read timed out|Connection aborted|ProxyError"
            r"|EAI_AGAIN|ENOTFOUND|ENETUNREACH|ECONNREFUSED|ECONNRESET|ETIMEDOUT"
        ),
        "the package registry cannot be reached. Check the network and the proxy settings, and try again",
    ),
    (
        r"\b(401|403|407) (Client Error|Unauthorized|Forbidden|Proxy)|\bE40[137]\b|HTTP error 40[137]",
        "the package registry refuses. Check its address and sign-in in the settings of pip and npm",
    ),
    (
        r"CERTIFICATE_VERIFY_FAILED|SELF_SIGNED_CERT|UNABLE_TO_GET_ISSUER",
        "the registry's certificate is not trusted",
    ),
    (
        r"DO NOT MATCH THE HASHES|EINTEGRITY",
        "a package is not the one that was locked, so it was not used. Try again, and tell us if it lasts",
    ),
    (r"Permission denied|EACCES|EPERM|Read-only file system|EROFS", "a file there cannot be written"),
    (
        r"requirement (?P<name>\S+) \(from versions: none\)",
        "{name} was not found. Check the network, and which package registry pip is told to use",
    ),
    (
        r"No matching distribution found for (?P<name>\S+)",
        "{name} does not exist for this Python and machine. Python 3.11 or 3.12 on Linux is the sure choice",
    ),
)


def sentence(what: str, failed: ProgramFailed, log: Path) -> SetupError:
    """«Python packages could not be installed: the disk is full. … <log> has the details.»"""
    for pattern, reason in _KNOWN:
        if found := re.search(pattern, failed.output):
            because = reason.format(**found.groupdict())
            break
    else:
        because = failed.last_line.rstrip(".")
    return SetupError(f"{what} could not be installed: {because}. Details: {log}")
