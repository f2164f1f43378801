"""Timestamps from a service that answers by RFC 3161, here one of our own."""

import asyncio
import threading
from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from asn1crypto import keys as asn1_keys
from asn1crypto import tsp
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID
from pyhanko.sign.timestamps import DummyTimeStamper

from agreements.chain import digest
from agreements.seal import seal_pdf
from agreements.timestamp import token_over
from agreements.verify import check_seal
from samskaping.press.keeper import press


def stamper() -> DummyTimeStamper:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "En tidstjeneste")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1)).not_valid_after(now + timedelta(days=9))
        .add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.TIME_STAMPING]), critical=True)
        .sign(key, hashes.SHA256())
    )  # fmt: skip
    private = key.private_bytes(
        serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    return DummyTimeStamper(
        asn1_x509.Certificate.load(made.public_bytes(serialization.Encoding.DER)),
        asn1_keys.PrivateKeyInfo.load(private),
    )


@pytest.fixture
def service(settings):
    its = stamper()

    class Answer(BaseHTTPRequestHandler):
        def do_POST(self):
            asked = tsp.TimeStampReq.load(self.rfile.read(int(self.headers["Content-Length"])))
            told = asyncio.run(its.async_request_tsa_response(asked)).dump()
            self.send_response(200)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.end_headers()
            self.wfile.write(told)

        def log_message(self, *_args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Answer)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    settings.TIMESTAMP_URL = f"http://127.0.0.1:{server.server_port}/"
    yield
    server.shutdown()
    server.server_close()


def a_pdf() -> bytes:
    code, made = press.typeset("<html lang='nb'><head><title>A</title></head><body>A</body></html>", {}, [])
    assert code == "ok"
    return made


def test_a_token_is_over_what_was_asked(service):
    token = token_over(digest(b"avtale"))
    assert abs(token.at - datetime.now(UTC)) < timedelta(minutes=1)
    assert token.authority == "127.0.0.1"


def test_a_seal_has_the_time_inside_when_the_service_answers(service):
    sealed = seal_pdf(a_pdf(), reason="Signert av alle og låst")
    assert sealed.timestamped
    assert check_seal(sealed.content, sealed.by.certificate).holds


def test_nobody_waits_for_a_service_that_is_away(settings):
    settings.TIMESTAMP_URL = "http://127.0.0.1:9/"
    sealed = seal_pdf(a_pdf(), reason="Signert av alle og låst")
    assert not sealed.timestamped
    assert check_seal(sealed.content, sealed.by.certificate).holds
    with pytest.raises(OSError):  # noqa: PT011 - whatever went wrong with a connection
        token_over(digest(b"avtale"))
