"""Makes what the browser gets out of `node_modules`, and compiles the translation catalogues.

    python -m samskaping.assets

Set-up runs this at every start, before Django and its settings exist, so it imports neither. What went
in is hashed: when nothing changed and every result is still there, it stops after a few milliseconds.

    build/static/vendor/designsystemet.css   theme + components, in the order their layers need
    build/static/vendor/inter.css            @font-face rules, and a system font with Inter's measures
    build/static/vendor/inter-*.woff2        Inter cut down to the letters and weights we use
    build/static/vendor/htmx.min.js
    build/pdf/                               what documents are typeset with (assets_pdf.py)
    locale/*/LC_MESSAGES/*.mo
"""

from __future__ import annotations

import hashlib
import json
import sys
import tempfile
from pathlib import Path
from typing import NamedTuple

from samskaping import assets_pdf

ROOT = Path(__file__).resolve().parent.parent

# Inter's weights run from 100 to 900; we show 400 to 700. Cutting the axis is what
# brings the file below 40 kB.
WEIGHTS = (400, 700)


class Subset(NamedTuple):
    """One font file: the letters in it, and the Fontsource file they come from."""

    name: str
    source: str
    unicode_range: str


SUBSETS = (
    # Norwegian, English, and the punctuation and signs our texts use.
    Subset(
        "inter-latin.woff2",
        "inter-latin-wght-normal.woff2",
        "U+0020-007E,U+00A0-00FF,U+2013-2014,U+2018-201A,U+201C-201E,U+2022,U+2026,U+2039-203A,"
        "U+20AC,U+2191,U+2193,U+2212",
    ),
    # Sámi letters, and names from the neighbours (Polish, Lithuanian, Turkish ...). Fetched only by pages
    # that show one of them.
    Subset(
        "inter-sami.woff2",
        "inter-latin-ext-wght-normal.woff2",
        "U+0100-017F,U+018F,U+01B7,U+01E4-01E9,U+01EE-01EF,U+0218-021B,U+0259,U+0292,U+1E9E",
    ),
    # Vietnamese names, the same way.
    Subset(
        "inter-vietnamese.woff2",
        "inter-vietnamese-wght-normal.woff2",
        "U+01A0-01A1,U+01AF-01B0,U+1EA0-1EF9",
    ),
)
# Names written with dots and hooks from West Africa to China. A page shows these few with the machine's own
# font; a document has no other font than ours, and would have to refuse the name.
ON_PAPER = "U+01CD-01DC,U+1E00-1E9B"

# Arial drawn with Inter's proportions while Inter is on its way: the text does not jump when it arrives.
FALLBACK_FACE = (
    '@font-face{font-family:"Inter reserve";src:local("Arial"),local("Liberation Sans");'
    "size-adjust:107.4%;ascent-override:90.2%;descent-override:22.5%;line-gap-override:0%}"
)


class AssetsError(Exception):
    """Something the assets are made of is missing. The message is one sentence for a person."""


def build(root: Path = ROOT) -> list[Path]:
    """Bring every asset up to date and return the files written (none when nothing changed).

    Raises AssetsError when `npm ci` has not been run or gave something else than we expect.
    """
    sources = _sources(root)
    catalogues = sorted((root / "locale").glob("*/LC_MESSAGES/*.po"))
    stamp_file = root / "build" / "assets.json"
    stamp = _digest([Path(__file__), Path(assets_pdf.__file__), *sources.values(), *catalogues])
    if _is_current(stamp_file, stamp, root):
        return []

    vendor = root / "build" / "static" / "vendor"
    written = [
        *_write_vendor(vendor, sources),
        *_write_pdf(root / "build" / "pdf", sources),
        *(_compile_catalogue(path) for path in catalogues),
    ]
    outputs = {path.relative_to(root).as_posix(): path.stat().st_size for path in written}
    # Last, so that a run that was stopped half-way is done again.
    _write(stamp_file, json.dumps({"stamp": stamp, "outputs": outputs}, indent=1).encode())
    return written


def _sources(root: Path) -> dict[str, Path]:
    modules = root / "node_modules"
    css = modules / "@digdir" / "designsystemet-css" / "dist"
    sources = {
        "theme": css / "theme" / "designsystemet.css",
        "components": css / "src" / "index.css",
        "htmx": modules / "htmx.org" / "dist" / "htmx.min.js",
        "document": root / "samskaping" / "press" / "document.css",
        "handouts": root / "samskaping" / "press" / "handouts.css",
        "agreement": root / "samskaping" / "press" / "agreement.css",
    }
    fonts = modules / "@fontsource-variable" / "inter" / "files"
    sources.update({subset.name: fonts / subset.source for subset in SUBSETS})
    sources.update({name: fonts / name for name in assets_pdf.SOURCES})
    missing = [path for path in sources.values() if not path.is_file()]
    if missing:
        name = missing[0].relative_to(root)
        msg = f"The file {name} is not there: run `npm ci` in {root} (or `make run`, which does it for you)."
        raise AssetsError(msg)
    return sources


def _digest(paths: list[Path]) -> str:
    digest = hashlib.sha256()
    for path in paths:
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _is_current(stamp_file: Path, stamp: str, root: Path) -> bool:
    try:
        previous = json.loads(stamp_file.read_text())
        return bool(previous["stamp"] == stamp) and all(
            (root / name).stat().st_size == size for name, size in previous["outputs"].items()
        )
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def _write_vendor(vendor: Path, sources: dict[str, Path]) -> list[Path]:
    css = sources["theme"].read_bytes() + b"\n" + sources["components"].read_bytes()
    faces = [FALLBACK_FACE]
    written = [
        _write(vendor / "designsystemet.css", css),
        _write(vendor / "htmx.min.js", sources["htmx"].read_bytes()),
    ]
    for subset in SUBSETS:
        written.append(_write(vendor / subset.name, _cut_font(sources[subset.name], subset)))
        faces.append(
            f'@font-face{{font-family:Inter;src:url("{subset.name}") format("woff2");'
            f"font-weight:{WEIGHTS[0]} {WEIGHTS[1]};font-display:swap;unicode-range:{subset.unicode_range}}}"
        )
    written.append(_write(vendor / "inter.css", "\n".join(faces).encode()))
    return written


def _write_pdf(folder: Path, sources: dict[str, Path]) -> list[Path]:
    ranges = [*(subset.unicode_range for subset in SUBSETS), ON_PAPER]
    letters = [point for each in ranges for point in _code_points(each)]
    try:
        files = assets_pdf.made(sources, letters)
    except KeyError as error:
        msg = f"A sheet in samskaping/press uses {error}, which the design system's theme does not have."
        raise AssetsError(msg) from error
    return [_write(folder / name, content) for name, content in files.items()]


def _cut_font(source: Path, subset: Subset) -> bytes:
    """Return the font with only the subset's letters, our weights and the features our CSS can ask for."""
    # Imported here: loading fontTools takes longer than the whole run when nothing has changed.
    from fontTools.subset import Options, Subsetter
    from fontTools.ttLib import TTFont
    from fontTools.varLib.instancer import instantiateVariableFont

    font = TTFont(source, recalcTimestamp=False)  # the same file from the same input
    # tnum lines figures up in tables; kern, mark and ccmp are what letters need; the rest is ornament.
    options = Options(
        layout_features=["kern", "mark", "ccmp", "locl", "tnum"], hinting=False, notdef_outline=True
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=_code_points(subset.unicode_range))
    subsetter.subset(font)
    # After the letters: with the axis cut first, fontTools looks for variations it has just dropped.
    font = instantiateVariableFont(font, {"wght": WEIGHTS}, inplace=True)
    font.flavor = "woff2"
    with tempfile.SpooledTemporaryFile() as file:
        font.save(file)
        file.seek(0)
        return file.read()


def _code_points(unicode_range: str) -> list[int]:
    """Read CSS's unicode-range: `U+0020-007E,U+2022` names each code point from the first to the last."""
    points: list[int] = []
    for part in unicode_range.split(","):
        first, _, last = part.removeprefix("U+").partition("-")
        points.extend(range(int(first, 16), int(last or first, 16) + 1))
    return points


def _compile_catalogue(po_file: Path) -> Path:
    import polib

    try:
        catalogue = polib.pofile(po_file)
    except (OSError, UnicodeDecodeError) as error:
        msg = f"The translation catalogue {po_file} cannot be read: {error}."
        raise AssetsError(msg) from error
    return _write(po_file.with_suffix(".mo"), catalogue.to_binary())


def _write(path: Path, content: bytes) -> Path:
    """Write under another name and rename: a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=".", delete=False) as file:
        file.write(content)
    temporary = Path(file.name)
    temporary.chmod(0o644)
    temporary.replace(path)
    return path


def main() -> int:
    try:
        build()
    except (AssetsError, OSError) as error:
        print(error, file=sys.stderr)  # noqa: T201 - talks to a person before there is a logger
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
