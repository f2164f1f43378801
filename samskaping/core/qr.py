"""An address as a picture on paper, for a telephone's camera."""

import io


def qr(url: str, *, box_size: int = 4) -> bytes:
    """A PNG."""
    import qrcode

    made = io.BytesIO()
    qrcode.make(url, error_correction=qrcode.ERROR_CORRECT_M, box_size=box_size, border=2).save(made)
    return made.getvalue()
