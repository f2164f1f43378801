class Refused(Exception):
    """What was asked for cannot be made; the code says why, and never in the document's own words."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code
