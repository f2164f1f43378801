"""A locked agreement cannot be changed without being told: bits, the PDF's structure, the chain of events."""

import hashlib
import io
import random
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.proof.registry import Tally, proof

BEGAN = datetime(2026, 11, 22, 8, tzinfo=UTC)
HTML = (
    '<html lang="nb"><head><title>Avtale</title></head><body data-title="Avtale">'
    "<h1>Avtale</h1><p>Vi er enige om {n} ting.</p></body></html>"
)


@proof(
    "seal_bits",
    "1,000 single bits flipped in locked agreements: each found by the stored hash; 20 clean files: none",
)
def seal_bits(small: bool) -> Tally:
    from agreements.verify import Verdict

    tally = Tally()
    files = [_locked(number) for number in range(2 if small else 20)]
    for content, certificate in files:
        held = _asked(content, content, certificate) is Verdict.GENUINE
        tally.check(held, "a clean file was not known")
    chance = random.Random("bits")  # noqa: S311 - which bits, not a secret
    for turn in range(60 if small else 1000):
        content, certificate = files[turn % len(files)]
        bit = chance.randrange(len(content) * 8)
        changed = bytearray(content)
        changed[bit // 8] ^= 1 << bit % 8
        found = _asked(bytes(changed), content, certificate)
        tally.check(found is Verdict.UNKNOWN, f"bit {bit} of {len(content)} bytes: {found}")
    return tally


@proof(
    "seal_structure",
    "50 attacks on the PDF's structure (added updates, other attachments, shadow pages, moved ranges): none "
    "is whole by the seal alone, without our database",
)
def seal_structure(small: bool) -> Tally:
    from agreements.verify import check_seal

    tally = Tally()
    for number in range(1 if small else 5):
        content, certificate = _locked(number)
        tally.check(check_seal(content, certificate).holds, f"clean file {number} does not hold")
        for attack in ATTACKS:
            changed = attack(content)
            tally.check(changed != content, f"{attack.__name__} changed nothing")
            tally.check(not check_seal(changed, certificate).holds, f"{attack.__name__} on file {number}")
    return tally


@proof(
    "sign_chain",
    "Every event of a 300-event chain edited in each field, taken out, doubled and moved: the verifier names "
    "the first that does not hold; without a change it names none",
)
def sign_chain(small: bool) -> Tally:
    from agreements import chain

    tally = Tally()
    count = 20 if small else 300
    links = _links(count)
    tally.check(chain.broken_at(links, envelope=7, head=links[-1].hash) is None, "a clean chain is broken")
    for at, link in enumerate(links):
        for number, changed in _edits(links, at):
            found = chain.broken_at(changed, envelope=7, head=links[-1].hash)
            tally.check(found == number, f"event {link.seq}: named {found}, not {number}")
    return tally


def _links(count: int) -> list[Any]:
    from agreements import chain

    links: list[chain.Link] = []
    for seq in range(1, count + 1):
        before = links[-1].hash if links else chain.GENESIS
        fields: dict[str, Any] = {
            "seq": seq, "kind": "opened", "at": BEGAN + timedelta(seconds=seq), "actor": f"signatory:{seq}",
            "payload": {"pages": seq}, "prev_hash": before,
        }  # fmt: skip
        links.append(chain.Link(**fields, hash=chain.link_hash(envelope=7, **fields)))
    return links


def _edits(links: list[Any], at: int) -> Iterator[tuple[int, list[Any]]]:
    """The chain with one thing done to event `at`, and the number that is to be named."""
    link, number = links[at], at + 1
    others: dict[str, Any] = {
        "kind": "signed", "at": BEGAN, "actor": "user:1", "payload": {"pages": -1}, "prev_hash": "f" * 64,
        "hash": "f" * 64, "seq": 10_000,
    }  # fmt: skip
    for field, other in others.items():
        yield number, [*links[:at], replace(link, **{field: other}), *links[at + 1 :]]
    yield number, [*links[:at], *links[at + 1 :]]
    yield number + 1, [*links[: at + 1], link, *links[at + 1 :]]
    if at + 1 < len(links):
        yield number, [*links[:at], links[at + 1], link, *links[at + 2 :]]


def _ready() -> None:
    """Inside pytest the portal's settings are there; by hand only what locking asks for."""
    from django.conf import settings

    if not settings.configured:
        nothing = dict.fromkeys(("SEAL_CERTIFICATE", "SEAL_PASSWORD", "TIMESTAMP_URL"), "")
        settings.configure(SECRET_KEY="only-for-proofs", **nothing)


def _locked(number: int) -> tuple[bytes, bytes]:
    _ready()
    from agreements.seal import seal_pdf
    from samskaping.press.keeper import Enclosed, press

    source = Enclosed("original.pdf", b"%PDF-1.7 original", "Source", "")
    code, pdf = press.typeset(HTML.format(n=number), {}, [source])
    if code != "ok":
        message = f"the press said {code}"
        raise RuntimeError(message)
    sealed = seal_pdf(pdf, reason="Signert av alle og låst")
    return sealed.content, sealed.by.certificate


def _asked(content: bytes, ours: bytes, certificate: bytes):
    """As /ekte/ asks: the row is found by the hash of what came."""
    from agreements.verify import verdict

    known, came = hashlib.sha256(ours).hexdigest(), hashlib.sha256(content).hexdigest()
    return verdict(content, known_sha256=known if known == came else "", certificate=certificate)


# --- Attacks ---------------------------------------------------------------------------------------------
def appended_text(content: bytes) -> bytes:
    return content + b"\n% more\n"


def appended_update(content: bytes) -> bytes:
    """An incremental update, as a PDF program writes it: a comment on the first page."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    page = writer.root["/Pages"]["/Kids"][0]
    page[generic.pdf_name("/Annots")] = generic.ArrayObject()
    writer.update_container(page)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def appended_page(content: bytes) -> bytes:
    """A shadow page that comes first."""
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    writer = IncrementalPdfFileWriter(io.BytesIO(content))
    pages = writer.root["/Pages"]
    shadow = generic.DictionaryObject(
        {
            generic.pdf_name("/Type"): generic.pdf_name("/Page"),
            generic.pdf_name("/MediaBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 595, 842))),
        }
    )
    pages["/Kids"].insert(0, writer.add_object(shadow))
    pages[generic.pdf_name("/Count")] = generic.NumberObject(len(pages["/Kids"]))
    writer.update_container(pages)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def other_attachment(content: bytes) -> bytes:
    import pikepdf

    def swap(pdf: pikepdf.Pdf) -> None:
        for inside in pdf.Root.AF:
            inside.EF.F.write(b"%PDF-1.7 another")

    return _rewritten(content, swap)


def no_attachment(content: bytes) -> bytes:
    def drop(pdf) -> None:
        del pdf.Root.AF

    return _rewritten(content, drop)


def other_title(content: bytes) -> bytes:
    def rename(pdf) -> None:
        pdf.docinfo["/Title"] = "Another"

    return _rewritten(content, rename)


def loosened(content: bytes) -> bytes:
    """What may be changed, changed."""

    def loosen(pdf) -> None:
        pdf.Root.Perms.DocMDP.Reference[0].TransformParams.P = 3

    return _rewritten(content, loosen)


def seal_taken_off(content: bytes) -> bytes:
    def strip(pdf) -> None:
        del pdf.Root.AcroForm
        del pdf.Root.Perms

    return _rewritten(content, strip)


def range_cut_short(content: bytes) -> bytes:
    """The range is told to end before the end, and the rest is somebody else's."""
    import re

    found = re.search(rb"/ByteRange \[(\d+ \d+ \d+ )(\d+)", content)
    assert found is not None
    shorter = str(int(found[2]) - 100).encode().rjust(len(found[2]))
    return content[: found.start(2)] + shorter + content[found.end(2) :]


def cut_off(content: bytes) -> bytes:
    return content[: len(content) * 3 // 4]


def put_in_front(content: bytes) -> bytes:
    return b"%PDF-1.7\n% in front\n" + content


def _rewritten(content: bytes, change: Callable[[Any], None]) -> bytes:
    import pikepdf

    made = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        change(pdf)
        pdf.save(made)
    return made.getvalue()


ATTACKS = (
    appended_text, appended_update, appended_page, other_attachment, no_attachment, other_title, loosened,
    seal_taken_off, range_cut_short, cut_off, put_in_front,
)  # fmt: skip
