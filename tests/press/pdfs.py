"""PDFs to send in: plain ones, and evil ones."""

import io
import zlib
from collections.abc import Callable
from typing import Any

import pikepdf
from pikepdf import Array, Dictionary, Name, Pdf, String

CANARY = "kanarifugl"
ALERT = String(f"app.alert('{CANARY}')")


def plain(pages: int = 1, **options: object) -> bytes:
    pdf = Pdf.new()
    for _ in range(pages):
        pdf.add_blank_page(page_size=(200, 200))
        pdf.pages[-1].obj.Contents = pdf.make_stream(b"BT (Hei) Tj ET")
    return saved(pdf, **options)


def saved(pdf: Pdf, **options: object) -> bytes:
    made = io.BytesIO()
    pdf.save(made, **options)  # type: ignore[arg-type]
    return made.getvalue()


def script() -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=ALERT)


def launch() -> Dictionary:
    return Dictionary(S=Name.Launch, F=String(f"{CANARY}.exe"), Win=Dictionary(F=String(f"{CANARY}.exe")))


def annotation(**keys: Any) -> Dictionary:
    return Dictionary(Type=Name.Annot, Rect=Array([0, 0, 9, 9]), **keys)


def embedded(pdf: Pdf) -> Dictionary:
    file = pdf.make_stream(b"MZ" + CANARY.encode(), Type=Name.EmbeddedFile)
    return Dictionary(Type=Name.Filespec, F=String(f"{CANARY}.exe"), EF=Dictionary(F=file))


def _on_page(make: Callable[[Pdf], Dictionary]) -> Callable[[Pdf], None]:
    def evil(pdf: Pdf) -> None:
        pdf.pages[0].obj.Annots = Array([pdf.make_indirect(make(pdf))])

    return evil


def _on_root(key: str, make: Callable[[Pdf], pikepdf.Object]) -> Callable[[Pdf], None]:
    def evil(pdf: Pdf) -> None:
        pdf.Root[key] = make(pdf)

    return evil


def _named(key: str, make: Callable[[Pdf], pikepdf.Object]) -> Callable[[Pdf], None]:
    return _on_root(
        "/Names", lambda pdf: Dictionary({key: Dictionary(Names=Array([String(CANARY), make(pdf)]))})
    )


def _outline(pdf: Pdf) -> pikepdf.Object:
    item = pdf.make_indirect(Dictionary(Title=String("x"), A=launch()))
    return pdf.make_indirect(Dictionary(Type=Name.Outlines, First=item, Last=item, Count=1))


def _page_action(pdf: Pdf) -> None:
    pdf.pages[0].obj.AA = Dictionary(O=script())


def _outside_stream(pdf: Pdf) -> None:
    stream = pdf.make_stream(b"")
    stream["/F"] = String(f"https://{CANARY}.example/x")
    pdf.pages[0].obj.Contents = stream


def _print_program(pdf: Pdf) -> None:
    program = pdf.make_stream(f"({CANARY}) run".encode(), Type=Name.XObject, Subtype=Name.PS)
    pdf.pages[0].obj.Resources = Dictionary(XObject=Dictionary(X=program))


def _chain(_pdf: Pdf) -> Dictionary:
    harmless = Dictionary(S=Name.URI, URI=String("https://fjordvik.example"))
    harmless.Next = Array([script(), launch()])
    return annotation(Subtype=Name.Link, A=harmless)


def _link(action: Dictionary) -> Callable[[Pdf], None]:
    return _on_page(lambda _pdf: annotation(Subtype=Name.Link, A=action))


EVIL: dict[str, Callable[[Pdf], None]] = {
    "script at opening": _on_root("/OpenAction", lambda _pdf: script()),
    "program at opening": _on_root("/OpenAction", lambda _pdf: launch()),
    "script at closing": _on_root("/AA", lambda _pdf: Dictionary(WC=script())),
    "script on a page": _page_action,
    "named script": _named("/JavaScript", lambda _pdf: script()),
    "file inside": _named("/EmbeddedFiles", embedded),
    "associated file": _on_root("/AF", lambda pdf: Array([embedded(pdf)])),
    "file pinned to a page": _on_page(lambda pdf: annotation(Subtype=Name.FileAttachment, FS=embedded(pdf))),
    "portfolio": _on_root("/Collection", lambda _pdf: Dictionary(D=String(CANARY))),
    "form that is a program": _on_root(
        "/AcroForm", lambda pdf: Dictionary(XFA=pdf.make_stream(CANARY.encode()))
    ),
    "field that calculates": _on_page(
        lambda _pdf: annotation(Subtype=Name.Widget, FT=Name.Tx, AA=Dictionary(C=script()))
    ),
    "link that runs": _link(launch()),
    "link that scripts": _link(script()),
    "link that sends": _link(Dictionary(S=Name.SubmitForm, F=String(f"https://{CANARY}.example"))),
    "link to another file": _link(Dictionary(S=Name.GoToR, F=String(f"\\\\{CANARY}\\x.pdf"), D=Array([0]))),
    "link to a file inside": _link(Dictionary(S=Name.GoToE, F=String(CANARY))),
    "link that imports": _link(Dictionary(S=Name.ImportData, F=String(CANARY))),
    "link of a kind to come": _link(Dictionary(S=Name.KanariAction, F=String(CANARY))),
    "link to disk": _link(Dictionary(S=Name.URI, URI=String(f"file:///{CANARY}"))),
    "link that is a script": _link(Dictionary(S=Name.URI, URI=String(f"javascript:{CANARY}"))),
    "chained": _on_page(_chain),
    "bookmark that runs": _on_root("/Outlines", _outline),
    "film": _on_page(lambda _pdf: annotation(Subtype=Name.RichMedia, RichMediaContent=String(CANARY))),
    "rendition": _on_page(
        lambda _pdf: annotation(Subtype=Name.Screen, A=Dictionary(S=Name.Rendition, JS=ALERT))
    ),
    "sound": _on_page(lambda _pdf: annotation(Subtype=Name.Sound, Sound=String(CANARY))),
    "3D": _on_page(lambda _pdf: annotation(Subtype=Name("/3D"), X=Dictionary({"/3DD": String(CANARY)}))),
    "content elsewhere": _outside_stream,
    "program for the printer": _print_program,
    "private data": _on_root("/PieceInfo", lambda _pdf: Dictionary(X=String(CANARY))),
    "base address": _on_root("/URI", lambda _pdf: Dictionary(Base=String(f"https://{CANARY}.example"))),
}


def signed() -> bytes:
    """As a signing program leaves it: a field with the signature, what it allows, and its proof."""
    pdf = pikepdf.open(io.BytesIO(plain()))
    signature = pdf.make_indirect(
        Dictionary(
            Type=Name.Sig,
            Filter=Name("/Adobe.PPKLite"),
            SubFilter=Name("/ETSI.CAdES.detached"),
            Contents=String("seal" * 500),
            ByteRange=Array([0, 10, 20, 30]),
        )
    )
    field = pdf.make_indirect(annotation(Subtype=Name.Widget, FT=Name.Sig, T=String("Signatur"), V=signature))
    pdf.pages[0].obj.Annots = Array([field])
    pdf.Root.AcroForm = Dictionary(Fields=Array([field]), SigFlags=3)
    pdf.Root.Perms = Dictionary(DocMDP=signature)
    pdf.Root.DSS = Dictionary(Certs=Array([pdf.make_stream(b"certificate")]))
    return saved(pdf)


def evil(kind: str, start: bytes = b"") -> bytes:
    pdf = pikepdf.open(io.BytesIO(start or plain()))
    EVIL[kind](pdf)
    # Packed away, so that a search of the bytes would not find it.
    return saved(pdf, object_stream_mode=pikepdf.ObjectStreamMode.generate, compress_streams=True)


def bomb(unpacked: int = 3_000_000_000) -> bytes:
    """A list of objects that unpacks to far more memory than a document may use."""
    packer = zlib.compressobj(9)
    block = b" " * 10_000_000
    data = b"".join(packer.compress(block) for _ in range(unpacked // len(block))) + packer.flush()
    head = b"%PDF-1.7\n"
    objects = b"1 0 obj<</Type/ObjStm/N 1/First 10/Filter/FlateDecode/Length %d>>stream\n" % len(data)
    objects += data + b"\nendstream endobj\n"
    entries = b"".join(
        (kind).to_bytes(1) + (where).to_bytes(4) + (index).to_bytes(1)
        for kind, where, index in ((0, 0, 0), (1, len(head), 0), (2, 1, 0), (1, len(head + objects), 0))
    )
    table = b"3 0 obj<</Type/XRef/W[1 4 1]/Size 4/Root 2 0 R/Length %d>>stream\n" % len(entries)
    return (
        head + objects + table + entries + b"\nendstream endobj\nstartxref\n%d\n%%%%EOF" % len(head + objects)
    )
