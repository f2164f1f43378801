"""One time of an offer: moved, cancelled, counted, added."""

from typing import Any

from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Layout, Row, Submit
from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.forms.editing import EditingForm
from partnerships.forms.lines import CARE
from partnerships.models import Occurrence, Offer
from samskaping.core.forms import DateInput, TimeInput


class OccurrenceMoveForm(EditingForm):
    # Three forms stand on one page.
    prefix = "move"
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), widget=TimeInput)
    place = forms.CharField(
        label=_("Sted"), required=False, max_length=200, help_text=_("Bare når det er et annet enn vanlig.")
    )
    because = forms.CharField(label=_("Hvorfor?"), required=False, max_length=200)

    def __init__(self, *args: Any, occurrence: Occurrence, **kwargs: Any) -> None:
        super().__init__(*args, version=occurrence.version, initial=self.standing(occurrence), **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            Row("day", "from_time", "to_time"),
            "place",
            "because",
            "version",
            ButtonHolder(Submit("move", _("Flytt og si fra"), data_variant="secondary")),
        )

    def standing(self, current: Occurrence) -> dict[str, Any]:
        starts_at, ends_at = (timezone.localtime(at) for at in (current.starts_at, current.ends_at))
        return {
            "day": starts_at.date(),
            "from_time": starts_at.time(),
            "to_time": ends_at.time(),
            "place": current.place,
        }


class OccurrenceCancelForm(forms.Form):
    prefix = "cancel"
    because = forms.CharField(
        label=_("Hvorfor avlyses den?"), max_length=200, help_text=_("For eksempel «Det er for glatt».")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            "because",
            ButtonHolder(
                Submit("cancel", _("Avlys og si fra"), data_variant="secondary", data_color="danger")
            ),
        )


class OccurrenceNoteForm(EditingForm):
    prefix = "note"
    attendance = forms.IntegerField(
        label=_("Hvor mange kom?"),
        required=False,
        min_value=0,
        max_value=10000,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
        help_text=_("Bare tallet. Vi skriver ikke ned hvem."),
    )
    feedback = forms.CharField(label=_("Hvordan var det?"), required=False, max_length=300, help_text=CARE)

    def __init__(self, *args: Any, occurrence: Occurrence, **kwargs: Any) -> None:
        initial = {"attendance": occurrence.attendance, "feedback": occurrence.feedback}
        super().__init__(*args, version=occurrence.version, initial=initial, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False
        self.helper.layout = Layout(
            "attendance", "feedback", "version", ButtonHolder(Submit("note", _("Lagre")))
        )


class OccurrenceAddForm(forms.Form):
    day = forms.DateField(label=_("Dag"), widget=DateInput)
    from_time = forms.TimeField(label=_("Fra kl."), widget=TimeInput)
    to_time = forms.TimeField(label=_("Til kl."), widget=TimeInput)
    place = forms.CharField(
        label=_("Sted"), required=False, max_length=200, help_text=_("Bare når det er et annet enn vanlig.")
    )

    def __init__(self, *args: Any, offer: Offer, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.update(from_time=offer.from_time, to_time=offer.to_time)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Row("day", "from_time", "to_time"), "place", ButtonHolder(Submit("add", _("Legg til")))
        )
