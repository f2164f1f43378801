"""Seals what must be read again but not by whoever holds a copy of the database: the apps' secrets."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings


def seal(text: str) -> str:
    return _box().encrypt(text.encode()).decode()


def open_(sealed: str) -> str:
    """Raises cryptography.fernet.InvalidToken when no key of ours made it."""
    return _box().decrypt(sealed.encode()).decode()


def _box() -> MultiFernet:
    """The newest key seals; earlier ones still open."""
    return MultiFernet([Fernet(_key(secret)) for secret in settings.MFA_SECRET_KEYS])


def _key(secret: str) -> bytes:
    made = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"samskaping.accounts.secret_box")
    return base64.urlsafe_b64encode(made.derive(secret.encode()))
