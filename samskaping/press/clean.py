"""Makes a PDF that somebody sent into something that can only be looked at.

One that is so already is kept to the byte: a digital signature holds for nothing else.

What may stay is listed; what a reader program could run, open, play or send is not on the lists, so what is
invented next is out as well. Links to the web and to e-mail stay: a person sees them and chooses.
"""

import io
import re
from collections.abc import Iterator
from typing import Any

import pikepdf

from samskaping.press.refused import Refused

MOST_PAGES = 500
MOST_OBJECTS = 100_000
_CATALOG = {
    *("/Type", "/Version", "/Extensions", "/Pages", "/PageLabels", "/PageLayout", "/PageMode"),
    *("/Names", "/Dests", "/Outlines", "/ViewerPreferences", "/Lang", "/MarkInfo", "/StructTreeRoot"),
    *("/Metadata", "/OutputIntents", "/OCProperties", "/AcroForm"),
    *("/Perms", "/DSS"),  # what a signature allows, and what proves it in years to come
}
_ANNOTATIONS = {
    *("/Link", "/Widget", "/Text", "/FreeText", "/Highlight", "/Underline", "/Squiggly", "/StrikeOut"),
    *("/Stamp", "/Ink", "/Line", "/Square", "/Circle", "/Polygon", "/PolyLine", "/Popup", "/Caret"),
}
_ACTIONS = {"/GoTo", "/URI"}
_ADDRESSES = ("https://", "http://", "mailto:")
# Wherever they are: actions at events, scripts, files inside, forms as programs, media, other files' pages.
_NOWHERE = {
    *("/AA", "/OpenAction", "/PA", "/JS", "/JavaScript", "/EF", "/RF", "/AF", "/EmbeddedFiles", "/XFA"),
    *("/RichMediaContent", "/RichMediaSettings", "/Movie", "/Sound", "/3DD", "/Ref", "/OPI", "/PieceInfo"),
}
_OUTSIDE = {"/F", "/FFilter", "/FDecodeParms"}  # of a stream: its content lies in another file
_END = re.compile(rb"startxref\s+\d+\s+%%EOF\s*\Z")


def clean(content: bytes) -> bytes:
    """Raises Refused: encrypted, too_many (pages or objects), or broken."""
    if b"%PDF-" not in content[:1024]:
        raise Refused("broken")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            taken_out = _take_out(pdf)
            # Anything before, after or broken is read differently by different programs.
            whole = content.startswith(b"%PDF-") and _END.search(content, max(0, len(content) - 100))
            if whole and not taken_out and not pdf.get_warnings():
                return content
            return _written(pdf)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    # A broken file shows itself anywhere: as a page that is no dictionary, a loop, a number for a name.
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused("broken") from None


def _take_out(pdf: pikepdf.Pdf) -> int:
    """How many things had to go."""
    if pdf.is_encrypted:
        raise Refused("encrypted")
    if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
        raise Refused("too_many")
    if not len(pdf.pages):
        raise Refused("broken")
    gone = _keep_only(pdf.Root, _CATALOG)
    if isinstance(names := pdf.Root.get("/Names"), pikepdf.Dictionary):
        gone += _keep_only(names, {"/Dests"})
    gone += sum(_keep_annotations(page.obj) for page in pdf.pages)
    return gone + sum(_strip(found) for found in _dictionaries(pdf))


def _written(pdf: pikepdf.Pdf) -> bytes:
    made = io.BytesIO()
    # Streams stay packed: unpacking is what a bomb waits for. What nothing points to is not written.
    pdf.save(
        made,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return made.getvalue()


def _keep_annotations(page: pikepdf.Object) -> int:
    if "/Annots" not in page:
        return 0
    every = list(page["/Annots"])
    kept = [
        each
        for each in every
        if isinstance(each, pikepdf.Dictionary) and str(each.get("/Subtype")) in _ANNOTATIONS
    ]
    page["/Annots"] = pikepdf.Array(kept)
    return len(every) - len(kept)


def _dictionaries(pdf: pikepdf.Pdf) -> Iterator[Any]:
    """Every dictionary and stream of the file, also those that lie inside others."""
    for top in pdf.objects:
        waiting: list[Any] = [top]
        while waiting:
            found = waiting.pop()
            if isinstance(found, pikepdf.Dictionary | pikepdf.Stream):
                yield found
                inside = [value for _key, value in found.items()]
            elif isinstance(found, pikepdf.Array):
                inside = list(found)
            else:
                continue
            waiting += [each for each in inside if isinstance(each, pikepdf.Object) and not each.is_indirect]


def _strip(found: Any) -> int:
    gone = _remove(found, _NOWHERE)
    if isinstance(found, pikepdf.Stream):
        gone += _remove(found, _OUTSIDE)
        if found.get("/Subtype") == "/PS":  # a program for the printer
            found.write(b"")
            gone += 1
        return gone
    # An action is a dictionary that says which kind it is; attributes of tagged text are called /A too.
    action = found.get("/A")
    if isinstance(action, pikepdf.Dictionary) and "/S" in action:
        if _is_harmless(action):
            return gone + _keep_only(action, {"/Type", "/S", "/D", "/URI"})
        gone += _remove(found, {"/A"})
    return gone


def _is_harmless(action: Any) -> bool:
    kind = str(action.get("/S"))
    if kind == "/URI":
        return str(action.get("/URI", "")).strip().lower().startswith(_ADDRESSES)
    return kind in _ACTIONS


def _keep_only(dictionary: Any, keys: set[str]) -> int:
    return _remove(dictionary, set(dictionary.keys()) - keys)


def _remove(dictionary: Any, keys: set[str]) -> int:
    found = keys & set(dictionary.keys())
    for key in found:
        del dictionary[key]
    return len(found)
