"""Whose seal it is: the municipality's certificate from settings, else one made for trying, which says TEST.

The test certificate is derived from SECRET_KEY: the same on every host and at every start, kept nowhere, and
nobody can mistake it for more than it is.
"""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import pkcs12
from cryptography.x509.oid import NameOID
from django.conf import settings

from samskaping.core.errors import DomainError

# pyHanko takes a second and thirty megabytes to load: only where something is sealed or looked through.
if TYPE_CHECKING:
    from asn1crypto import x509 as asn1_x509
    from pyhanko.sign.signers import SimpleSigner

# So long before it ends those who run the portal are told, every day.
ALARM = timedelta(days=60)
_ORDER = 0xFFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551  # of P-256
_TEST_FROM = datetime(2026, 1, 1, tzinfo=UTC)
_TEST_TO = datetime(2056, 1, 1, tzinfo=UTC)


class NoCertificate(DomainError):
    """The file in SEAL_CERTIFICATE cannot be used; the text is for operators."""


@dataclass(frozen=True)
class Sealer:
    """The key, loaded once: to read an RSA key again for each document costs eight times the seal."""

    signer: "SimpleSigner"
    certificate: bytes
    issuer: str
    serial: str
    not_after: datetime
    is_test: bool

    def has_ended(self, now: datetime) -> bool:
        return self.not_after <= now

    def ends_soon(self, now: datetime) -> bool:
        return self.not_after - now < ALARM


def is_for_trying() -> bool:
    """Whether what is sealed here says TEST. Asked also where the key is not to be read."""
    return not settings.SEAL_CERTIFICATE


@cache
def sealer() -> Sealer:
    """Raises NoCertificate when the one in settings cannot be read, has no key, or has ended."""
    if settings.SEAL_CERTIFICATE:
        return _from_file(Path(settings.SEAL_CERTIFICATE), settings.SEAL_PASSWORD)
    return _for_trying(settings.SECRET_KEY)


def sealer_now() -> Sealer:
    """A worker runs for months: a certificate that ended meanwhile is read again, and may be a new one."""
    if sealer().has_ended(datetime.now(UTC)):
        sealer.cache_clear()
    return sealer()


def _from_file(path: Path, password: str) -> Sealer:
    try:
        content = path.read_bytes()
        found = pkcs12.load_pkcs12(content, password.encode() or None)
    except (OSError, ValueError) as error:
        raise NoCertificate("SEAL_CERTIFICATE cannot be read with SEAL_PASSWORD.") from error
    if found.key is None or found.cert is None:
        raise NoCertificate("SEAL_CERTIFICATE holds no certificate with its key.")
    others = [each.certificate for each in found.additional_certs]
    return _sealer(found.key, found.cert.certificate, others, is_test=False)


def _for_trying(secret: str) -> Sealer:
    mark = hmac.new(secret.encode(), b"samskaping.agreements.seal.test", hashlib.sha512).digest()
    key = ec.derive_private_key(int.from_bytes(mark) % (_ORDER - 1) + 1, ec.SECP256R1())
    name = x509.Name(
        [
            x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Samskaping"),
            x509.NameAttribute(NameOID.COMMON_NAME, "Samskaping TEST – ikke til bruk"),
        ]
    )
    usage = x509.KeyUsage(
        digital_signature=True, content_commitment=True, key_encipherment=False, data_encipherment=False,
        key_agreement=False, key_cert_sign=False, crl_sign=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(int.from_bytes(hashlib.sha256(mark).digest()[:16]) >> 1 | 1)
        .not_valid_before(_TEST_FROM)
        .not_valid_after(_TEST_TO)
        .add_extension(usage, critical=True)
        # The same bytes at every start: an ordinary ECDSA signature is another one each time.
        .sign(key, hashes.SHA256(), ecdsa_deterministic=True)
    )
    return _sealer(key, certificate, [], is_test=True)


def _sealer(
    key: Any,
    certificate: x509.Certificate,
    others: list[x509.Certificate],
    *,
    is_test: bool,
) -> Sealer:
    if certificate.not_valid_after_utc <= datetime.now(UTC):
        raise NoCertificate("The certificate in SEAL_CERTIFICATE has ended.")
    from asn1crypto import keys as asn1_keys
    from pyhanko.sign.signers import SimpleSigner
    from pyhanko_certvalidator.registry import SimpleCertificateStore

    store = SimpleCertificateStore()  # type: ignore[no-untyped-call]
    store.register_multiple([_as_asn1(each) for each in others])
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return Sealer(
        signer=SimpleSigner(
            signing_cert=_as_asn1(certificate),
            signing_key=asn1_keys.PrivateKeyInfo.load(private),
            cert_registry=store,
        ),
        certificate=_der(certificate),
        issuer=certificate.subject.rfc4514_string()[:300],
        serial=f"{certificate.serial_number:x}",
        not_after=certificate.not_valid_after_utc,
        is_test=is_test,
    )


def _der(certificate: x509.Certificate) -> bytes:
    return certificate.public_bytes(serialization.Encoding.DER)


def _as_asn1(certificate: x509.Certificate) -> "asn1_x509.Certificate":
    from asn1crypto import x509 as asn1_x509

    return asn1_x509.Certificate.load(_der(certificate))
