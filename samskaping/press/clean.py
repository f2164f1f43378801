"""Makes a PDF that somebody sent anew, as something that can only be looked at.

What may stay is listed; what a reader program could run, open, play or send is not on the lists, so what is
invented next is out as well. Links to the web and to e-mail stay: a person sees them and chooses.
"""

import io
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
_OUTSIDE = ("/F", "/FFilter", "/FDecodeParms")  # of a stream: its content lies in another file


def clean(content: bytes) -> bytes:
    """Raises Refused: encrypted, too_many (pages or objects), or broken."""
    if b"%PDF-" not in content[:1024]:
        raise Refused("broken")
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            return _made_anew(pdf)
    except pikepdf.PasswordError:
        raise Refused("encrypted") from None
    # A broken file shows itself anywhere: as a page that is no dictionary, a loop, a number for a name.
    except (pikepdf.PdfError, ValueError, TypeError, KeyError, AttributeError, RuntimeError):
        raise Refused("broken") from None


def _made_anew(pdf: pikepdf.Pdf) -> bytes:
    if pdf.is_encrypted:
        raise Refused("encrypted")
    if len(pdf.objects) > MOST_OBJECTS or len(pdf.pages) > MOST_PAGES:
        raise Refused("too_many")
    if not len(pdf.pages):
        raise Refused("broken")
    _keep_only(pdf.Root, _CATALOG)
    if isinstance(names := pdf.Root.get("/Names"), pikepdf.Dictionary):
        _keep_only(names, {"/Dests"})
    for page in pdf.pages:
        _keep_annotations(page.obj)
    for found in _dictionaries(pdf):
        _strip(found)
    made = io.BytesIO()
    # Streams stay packed: unpacking is what a bomb waits for. What nothing points to is not written.
    pdf.save(
        made,
        stream_decode_level=pikepdf.StreamDecodeLevel.none,
        object_stream_mode=pikepdf.ObjectStreamMode.generate,
        deterministic_id=True,
    )
    return made.getvalue()


def _keep_annotations(page: pikepdf.Object) -> None:
    if "/Annots" in page:
        page["/Annots"] = pikepdf.Array(
            [
                each
                for each in page["/Annots"]
                if isinstance(each, pikepdf.Dictionary) and str(each.get("/Subtype")) in _ANNOTATIONS
            ]
        )


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


def _strip(found: Any) -> None:
    for key in _NOWHERE & set(found.keys()):
        del found[key]
    if isinstance(found, pikepdf.Stream):
        for key in _OUTSIDE:
            if key in found:
                del found[key]
        if found.get("/Subtype") == "/PS":  # a program for the printer
            found.write(b"")
        return
    # An action is a dictionary that says which kind it is; attributes of tagged text are called /A too.
    action = found.get("/A")
    if isinstance(action, pikepdf.Dictionary) and "/S" in action:
        if _is_harmless(action):
            _keep_only(action, {"/Type", "/S", "/D", "/URI"})
        else:
            del found["/A"]


def _is_harmless(action: Any) -> bool:
    kind = str(action.get("/S"))
    if kind == "/URI":
        return str(action.get("/URI", "")).strip().lower().startswith(_ADDRESSES)
    return kind in _ACTIONS


def _keep_only(dictionary: Any, keys: set[str]) -> None:
    for key in set(dictionary.keys()) - keys:
        del dictionary[key]
