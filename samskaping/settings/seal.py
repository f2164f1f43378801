"""The certificate signed agreements are sealed with, and who says what time it was."""

from pathlib import Path

from samskaping import env


def _is_there(path: str) -> bool:
    """Web and worker both read it, and `/readyz` says when one cannot; other commands need not."""
    try:
        return Path(path).is_file()
    except OSError:
        return False


# A PKCS#12 file, as the supplier of certificates hands it over. Without one a test certificate is used, and
# every page of what is sealed says TEST.
SEAL_CERTIFICATE = env.text("SEAL_CERTIFICATE") if env.is_set("SEAL_CERTIFICATE") else ""
SEAL_PASSWORD = env.text("SEAL_PASSWORD", "")
# RFC 3161. Without one, or when it does not answer, the seal says what our own clock was.
TIMESTAMP_URL = env.web_url("TIMESTAMP_URL") if env.is_set("TIMESTAMP_URL") else ""

if SEAL_CERTIFICATE and not _is_there(SEAL_CERTIFICATE):
    raise env.BadEnvironment("SEAL_CERTIFICATE names no file that is there. Set it to the PKCS#12 file.")
if SEAL_PASSWORD and not SEAL_CERTIFICATE:
    raise env.BadEnvironment("SEAL_PASSWORD is set without SEAL_CERTIFICATE. Set it to the PKCS#12 file.")
