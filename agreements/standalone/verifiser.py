"""Kontrollerer en bevispakke fra Samskaping. Trenger bare Python 3.9 eller nyere:

    python3 verifiser.py [mappe]

Har maskinen pyHanko (pip install pyhanko), blir selve låsen på PDF-en også kontrollert. Det som ikke ble
kontrollert, står i svaret. Svarer med 0 når alt som ble kontrollert stemmer, ellers 1.
"""

from __future__ import annotations

import base64
import hashlib
import json
import re
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

GENESIS = "0" * 64
# DER: the attribute messageDigest with a SHA-256 in it.
MESSAGE_DIGEST = bytes.fromhex("06092a864886f70d010904312204 20".replace(" ", ""))
BYTE_RANGE = re.compile(rb"/ByteRange\s*\[\s*(\d+)\s+(\d+)\s+(\d+)\s+(\d+)\s*\]")


class Report:
    """What held, what did not, and what nobody looked at."""

    def __init__(self) -> None:
        self.wrong: list[str] = []
        self.lines: list[str] = []

    def check(self, holds: bool, what: str) -> None:
        self.lines.append(f"{'stemmer ' if holds else 'FEIL    '}  {what}")
        if not holds:
            self.wrong.append(what)

    def left_out(self, what: str) -> None:
        self.lines.append(f"ikke sjekket  {what}")


def sha256(*parts: bytes) -> str:
    return hashlib.sha256(b"".join(parts)).hexdigest()


def canonical(value: Any) -> bytes:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def link_hash(envelope: int, event: dict[str, Any]) -> str:
    body = {name: event[name] for name in ("seq", "kind", "at", "actor", "payload")}
    return sha256(bytes.fromhex(event["prev_hash"]), canonical({"envelope": envelope, **body}))


def broken_at(envelope: int, events: list[dict[str, Any]]) -> int:
    """The number of the first event that does not hold, from 1; 0 where all do."""
    before = GENESIS
    for expected, event in enumerate(events, start=1):
        right = link_hash(envelope, {**event, "seq": expected, "prev_hash": before})
        if event["seq"] != expected or event["prev_hash"] != before or event["hash"] != right:
            return expected
        before = event["hash"]
    return 0


def merkle_root(leaves: list[str]) -> str:
    level = [sha256(b"\0", bytes.fromhex(leaf)) for leaf in leaves]
    while len(level) > 1:
        pairs = [level[at : at + 2] for at in range(0, len(level), 2)]
        level = [sha256(b"\1", *map(bytes.fromhex, pair)) if len(pair) == 2 else pair[0] for pair in pairs]
    return level[0]


def check_chain(report: Report, package: dict[str, Any]) -> None:
    wrong = broken_at(package["envelope"], package["events"])
    report.check(
        wrong == 0,
        f"rekken av {len(package['events'])} hendelser" + (f": brudd ved nummer {wrong}" if wrong else ""),
    )


def check_documents(report: Report, package: dict[str, Any], original: bytes, sealed: bytes) -> None:
    events = package["events"]
    frozen = [event["payload"] for event in events if event["kind"] == "frozen"]
    signed = [event["payload"] for event in events if event["kind"] == "signed"]
    locked = [event["payload"] for event in events if event["kind"] == "sealed"]
    report.check(
        [each["document"] for each in frozen] == [sha256(original)],
        "original.pdf er den som ble sendt til signering",
    )
    code = sha256(package["control_code"].encode())
    report.check([each["code"] for each in frozen] == [code], "kontrollkoden hører til dokumentet")
    report.check(
        bool(signed) and all(each["document"] == sha256(original) for each in signed),
        f"{len(signed)} signaturer gjelder original.pdf",
    )
    report.check([each["sha256"] for each in locked] == [sha256(sealed)], "avtale.pdf er den som ble låst")
    heads = [event["hash"] for event in events]
    report.check(all(each["chain_head"] in heads for each in locked), "ledd på signatursiden finnes i rekken")
    report.check(
        sorted(each["consent"] for each in signed)
        == sorted(sha256(text.encode()) for text in package["consents"]),
        "tekstene de krysset av for",
    )


def check_anchors(report: Report, package: dict[str, Any]) -> None:
    hashes = {event["hash"] for event in package["events"]}
    for anchor in package["anchors"]:
        leaves = [sha256(f"{envelope}:{head}".encode()) for envelope, head in anchor["heads"]]
        mine = [head for envelope, head in anchor["heads"] if envelope == package["envelope"]]
        report.check(
            merkle_root([anchor["before"], *leaves]) == anchor["root"]
            and len(mine) == 1
            and mine[0] in hashes,
            f"dagsanker {anchor['day']}: rot {anchor['root']}",
        )
    if not package["anchors"]:
        report.left_out("dagsanker: ingen var laget da pakken ble hentet")
    else:
        report.left_out(
            "om røttene over er de samme som portalen viste de dagene: sammenlign med e-posten og /ekte/"
        )


def check_coverage(report: Report, sealed: bytes) -> None:
    """That the one signature is over every byte but itself, and over these bytes."""
    found = BYTE_RANGE.findall(sealed)
    if len(found) != 1:
        report.check(False, "avtale.pdf har én lås")
        return
    start, until, again, rest = map(int, found[0])
    gap = sealed[until:again]
    whole = start == 0 and again + rest == len(sealed) and gap[:1] == b"<" and gap[-1:] == b">"
    report.check(whole, "låsen dekker hele filen")
    if not whole:
        return
    signature = bytes.fromhex(gap[1:-1].decode("ascii", "replace").replace("\ufffd", "0"))
    digest = hashlib.sha256(sealed[:until] + sealed[again:]).digest()
    report.check(MESSAGE_DIGEST + digest in signature, "låsen er over innholdet i filen")


def check_seal(report: Report, sealed: bytes, certificate: bytes) -> None:
    try:
        import io

        from asn1crypto import x509
        from pyhanko.pdf_utils.reader import PdfFileReader
        from pyhanko.sign.validation import validate_pdf_signature
        from pyhanko_certvalidator import ValidationContext
    except ImportError:
        report.left_out("om låsen er laget med sertifikatet: krever pyHanko (pip install pyhanko)")
        return
    root = x509.Certificate.load(certificate)
    try:
        (signature,) = PdfFileReader(io.BytesIO(sealed)).embedded_signatures
        status = validate_pdf_signature(
            signature,
            signer_validation_context=ValidationContext(trust_roots=[root], allow_fetching=False),
        )
        holds = bool(status.intact and status.valid and status.signing_cert.dump() == certificate)
    except Exception:
        holds = False
    report.check(holds, f"låsen er laget med sertifikatet til {root.subject.human_friendly}")
    report.left_out("om sertifikatet er utstedt til den det sier: spør utstederen")


def verify(folder: Path) -> Report:
    """Raises OSError and ValueError when the package is not whole."""
    report = Report()
    package = json.loads((folder / "bevis.json").read_text(encoding="utf-8"))
    original, sealed = (folder / "original.pdf").read_bytes(), (folder / "avtale.pdf").read_bytes()
    checks: list[Callable[[], None]] = [
        lambda: check_chain(report, package),
        lambda: check_documents(report, package, original, sealed),
        lambda: check_anchors(report, package),
        lambda: check_coverage(report, sealed),
        lambda: check_seal(report, sealed, base64.b64decode(package["certificate"])),
    ]
    for check in checks:
        check()
    if package["tokens"]:
        report.left_out("tidsstempler (.tsr): se VERIFISER.txt for hvordan openssl sjekker dem")
    return report


def main(arguments: list[str]) -> int:
    folder = Path(arguments[0]) if arguments else Path(__file__).resolve().parent
    try:
        report = verify(folder)
    except (OSError, ValueError, KeyError, TypeError) as error:
        sys.stdout.write(f"FEIL      pakken er ikke hel: {type(error).__name__}\n")
        return 1
    sys.stdout.writelines(f"{line}\n" for line in report.lines)
    sys.stdout.write(
        f"\n{len(report.wrong)} ting stemmer ikke.\n" if report.wrong else "\nAlt som ble sjekket, stemmer.\n"
    )
    return 1 if report.wrong else 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
