"""What a document can fetch: the pictures that came along with it. Nothing from disk or the net."""

from collections.abc import Mapping
from typing import Any

from weasyprint.urls import URLFetcher, URLFetcherResponse

# Told by the first bytes: an SVG can ask for other files, so it is no picture here.
_PICTURES = {b"\x89PNG\r\n\x1a\n": "image/png", b"\xff\xd8\xff": "image/jpeg"}


class AssetRefused(ValueError):
    """A document asked for something that did not come along with it."""


class AssetFetcher(URLFetcher):
    """Knows `app:<name>` and nothing else. WeasyPrint's own ways out (files, http) are never reached."""

    def __init__(self, pictures: Mapping[str, bytes]) -> None:
        # fail_on_errors: what is refused ends the document; leaving it out would hide that somebody tried.
        super().__init__(allowed_protocols=(), allow_redirects=False, fail_on_errors=True)
        self._pictures = {f"app:{name}": content for name, content in pictures.items()}

    def fetch(self, url: str, headers: Any = None) -> URLFetcherResponse:
        """Raises AssetRefused."""
        content = self._pictures.get(url, b"")
        for beginning, content_type in _PICTURES.items():
            if content.startswith(beginning):
                return URLFetcherResponse(url, content, {"Content-Type": content_type})
        raise AssetRefused
