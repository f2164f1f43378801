"""The seal on a PDF: accepted by others' tools too, and by nothing that was changed."""

import hashlib
import random
import shutil
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pikepdf
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, pkcs12
from cryptography.x509.oid import NameOID

from agreements.certificate import NoCertificate, sealer
from agreements.seal import Sealed, seal_pdf
from agreements.verify import Verdict, check_seal, verdict
from samskaping.press.keeper import press

HTML = (
    '<html lang="nb"><head><title>Avtale</title></head><body><h1>Avtale</h1><p>Vi er enige.</p></body></html>'
)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    code, made = press.typeset(HTML, {}, [])
    assert code == "ok"
    return made


@pytest.fixture(scope="module")
def sealed(pdf: bytes) -> Sealed:
    return seal_pdf(pdf, reason="Signert av alle og låst")


@pytest.fixture
def fresh_key():
    sealer.cache_clear()
    yield
    sealer.cache_clear()


def known(sealed: Sealed, content: bytes) -> Verdict:
    """As /ekte/ asks: the row is found by the hash of what came."""
    ours = hashlib.sha256(sealed.content).hexdigest()
    found = ours if hashlib.sha256(content).hexdigest() == ours else ""
    return verdict(content, known_sha256=found, certificate=sealed.by.certificate)


def test_the_document_stays_in_front_and_the_seal_covers_it_all(pdf, sealed):
    assert sealed.content.startswith(pdf)
    assert check_seal(sealed.content, sealed.by.certificate).holds
    assert known(sealed, sealed.content) is Verdict.GENUINE
    assert known(sealed, pdf) is Verdict.UNKNOWN


def test_pdfsig_sees_the_whole_document_signed_and_qpdf_no_fault(sealed, tmp_path):
    file = tmp_path / "avtale.pdf"
    file.write_bytes(sealed.content)
    said = subprocess.run(["pdfsig", "-nocert", file], capture_output=True, text=True, check=True).stdout
    assert "Signature is Valid." in said
    assert "Total document signed" in said
    assert "ETSI.CAdES.detached" in said
    assert shutil.which("qpdf")
    subprocess.run(["qpdf", "--check", file], check=True, capture_output=True)


def test_nothing_may_be_changed_and_the_archive_format_stays(sealed, tmp_path):
    file = tmp_path / "avtale.pdf"
    file.write_bytes(sealed.content)
    with pikepdf.open(file) as opened:
        assert opened.Root.Perms.DocMDP.Reference[0].TransformParams.P == 1
        metadata = opened.open_metadata()
        assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"].upper()) == ("3", "A")


def test_every_flipped_bit_is_found(sealed):
    """The seal alone does not see all of them (some bytes of a PDF mean nothing): the stored hash does."""
    generator = random.Random(7)  # noqa: S311 - which bits, not a secret
    for _ in range(40):
        content = bytearray(sealed.content)
        bit = generator.randrange(len(content) * 8)
        content[bit // 8] ^= 1 << bit % 8
        assert known(sealed, bytes(content)) is Verdict.UNKNOWN


def test_a_file_somebody_added_to_is_not_covered(sealed, tmp_path):
    assert not check_seal(sealed.content + b"\n% more\n", sealed.by.certificate).whole
    file = tmp_path / "lagt-til.pdf"
    file.write_bytes(sealed.content)
    with pikepdf.open(file, allow_overwriting_input=True) as opened:
        opened.add_blank_page()
        opened.save(file)
    assert not check_seal(file.read_bytes(), sealed.by.certificate).holds


@pytest.mark.parametrize(
    "content", [b"", b"%PDF-1.7", b"\0" * 5000, b"PK\x03\x04", b"%PDF-1.7\n" + b"[" * 5000]
)
def test_a_wrong_file_is_unknown_and_no_fault(sealed, content):
    assert known(sealed, content) is Verdict.UNKNOWN
    assert not check_seal(content, sealed.by.certificate).holds


def test_a_seal_of_ours_that_does_not_hold_is_another_answer(sealed):
    changed = sealed.content.replace(b"/ByteRange", b"/ByteRangf", 1)
    ours = hashlib.sha256(changed).hexdigest()
    assert verdict(changed, known_sha256=ours, certificate=sealed.by.certificate) is Verdict.BROKEN


def test_another_ones_seal_is_not_ours(sealed, settings, fresh_key):
    settings.SECRET_KEY = "another-portal-with-another-key-that-is-long-enough"
    other = sealer()
    assert other.certificate != sealed.by.certificate
    assert not check_seal(sealed.content, other.certificate).trusted


def test_the_test_certificate_is_the_same_at_every_start_and_says_test(settings, fresh_key):
    first = sealer().certificate
    sealer.cache_clear()
    assert sealer().certificate == first
    assert sealer().is_test
    assert "TEST" in sealer().issuer


def certificate_file(path: Path, *, days: int, password: bytes = b"hemmelig") -> None:
    key = rsa.generate_private_key(public_exponent=65537, key_size=3072)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Fjordvik kommune")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=400)).not_valid_after(now + timedelta(days=days))
        .add_extension(x509.KeyUsage(True, True, *[False] * 7), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    path.write_bytes(
        pkcs12.serialize_key_and_certificates(b"segl", key, made, None, BestAvailableEncryption(password))
    )


def test_a_real_certificate_seals_and_tells_when_it_ends(settings, fresh_key, tmp_path, pdf):
    file = tmp_path / "segl.p12"
    certificate_file(file, days=59)
    settings.SEAL_CERTIFICATE, settings.SEAL_PASSWORD = str(file), "hemmelig"
    sealed = seal_pdf(pdf, reason="Signert av alle og låst")
    assert check_seal(sealed.content, sealed.by.certificate).holds
    assert not sealed.by.is_test
    assert sealed.by.issuer == "CN=Fjordvik kommune"
    now = datetime.now(UTC)
    assert sealed.by.ends_soon(now)
    assert not sealed.by.ends_soon(now - timedelta(days=30))


def test_one_that_cannot_be_used_is_said_so(settings, fresh_key, tmp_path):
    file = tmp_path / "segl.p12"
    certificate_file(file, days=-1)
    for password in ("hemmelig", "feil"):
        settings.SEAL_CERTIFICATE, settings.SEAL_PASSWORD = str(file), password
        with pytest.raises(NoCertificate):
            sealer()
    settings.SEAL_CERTIFICATE = str(tmp_path / "finnes-ikke.p12")
    with pytest.raises(NoCertificate):
        sealer()
