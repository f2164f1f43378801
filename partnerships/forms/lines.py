"""Short lines, one under the other, in a plain text field: easier on a telephone than many small fields."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

# Under fields with free text.
CARE = _("Skriv ikke helseopplysninger eller navn på mottakere.")


class LinesField(forms.CharField):
    """A list of lines. Empty ones go, and so do the dashes people begin lines with."""

    def __init__(
        self, *, each_at_most: int = 300, lines_at_most: int = 20, rows: int = 4, **kwargs: Any
    ) -> None:
        self._each, self._lines = each_at_most, lines_at_most
        super().__init__(widget=forms.Textarea(attrs={"rows": rows}), required=False, **kwargs)

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> Any:
        typed = super().clean(value)
        lines = [" ".join(line.strip().lstrip("-–•*").split()) for line in typed.splitlines()]
        lines = [line for line in lines if line]
        if len(lines) > self._lines:
            raise ValidationError(_("Skriv høyst %(most)s linjer."), params={"most": self._lines})
        too_long = next((number for number, line in enumerate(lines, 1) if len(line) > self._each), None)
        if too_long:
            raise ValidationError(
                _("Linje %(number)s er for lang. Del den, eller skriv den kortere."),
                params={"number": too_long},
            )
        return lines

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial or []), (data or "").replace("\r\n", "\n"))
