"""A form with every kind of field, for the gallery and for the crispy pack's tests."""

from __future__ import annotations

from typing import Any

from crispy_forms.bootstrap import AppendedText
from crispy_forms.helper import FormHelper
from crispy_forms.layout import ButtonHolder, Fieldset, Layout, Row, Submit
from django import forms

from samskaping.core.forms import DateInput, Switch, TimeInput


class ExampleForm(forms.Form):
    name = forms.CharField(
        label="Hva heter tilbudet?", help_text="Slik folk kommer til å kalle det.", max_length=60
    )
    about = forms.CharField(
        label="Hva skjer der?",
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="Ikke skriv navn eller helseopplysninger.",
    )
    email = forms.EmailField(label="E-post til kontakten")
    area = forms.ChoiceField(
        label="Område", choices=[("", "Velg"), ("elderly", "Eldre"), ("culture", "Kultur")]
    )
    kind = forms.ChoiceField(
        label="Hvor stort er det?",
        help_text="Det kan vokse senere.",
        choices=[
            ("light", "Lett: én side og en kort avtale"),
            ("full", "Fullt: alle nivåer og flere parter"),
        ],
        widget=forms.RadioSelect,
    )
    helpers = forms.MultipleChoiceField(
        label="Hvem hjelper til?",
        required=False,
        choices=[("centre", "Frivilligsentralen"), ("club", "Et lag"), ("business", "Næringslivet")],
        widget=forms.CheckboxSelectMultiple,
    )
    start = forms.DateField(label="Første gang", widget=DateInput)
    clock = forms.TimeField(label="Klokka", widget=TimeInput, required=False)
    hours = forms.IntegerField(label="Timer i uka", min_value=1, required=False)
    plan = forms.FileField(label="Program", required=False, help_text="PDF, høyst 5 MB.")
    remind = forms.BooleanField(label="Minn meg på det dagen før", required=False, widget=Switch)
    agree = forms.BooleanField(label="Jeg har spurt de som kommer", help_text="De kjenner det best.")
    version = forms.CharField(widget=forms.HiddenInput, required=False, initial="3")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.layout = Layout(
            Fieldset("Tilbudet", "name", "about", "area", "kind"),
            Fieldset("Når", Row("start", "clock"), AppendedText("hours", "timer")),
            Fieldset("Hvem", "email", "helpers", "plan", "remind", "agree"),
            "version",
            ButtonHolder(
                Submit("save", "Legg ut tilbudet"),
                Submit("draft", "Lagre som kladd", data_variant="secondary"),
            ),
        )

    def clean(self) -> dict[str, Any] | None:
        if self.data.get("start") == "2020-01-01":
            self.add_error(None, "Noen andre har endret tilbudet mens du skrev. Se over og lagre på nytt.")
        return super().clean()

    @classmethod
    def with_errors(cls) -> ExampleForm:
        """Something wrong with most kinds of field, and with the form as a whole; what was typed stays."""
        return cls(
            {
                "name": "",
                "about": "Turer <i>hver</i> uke",
                "email": "kari@",
                "start": "2020-01-01",
                "hours": "0",
            }
        )

    @classmethod
    def filled(cls) -> ExampleForm:
        return cls(
            initial={
                "name": "Turgruppa",
                "email": "kari@fjordvik.example",
                "area": "elderly",
                "kind": "light",
                "helpers": ["centre", "club"],
                "start": "2026-11-21",
                "clock": "11:00",
                "hours": 2,
                "remind": True,
            }
        )


class ContactForm(forms.Form):
    name = forms.CharField(label="Navn")
    phone = forms.CharField(label="Telefon", required=False)


class ExampleFormSet(forms.formset_factory(ContactForm, extra=2)):  # type: ignore[misc]
    """Two contacts for each party: the same small form twice."""

    @property
    def helper(self) -> FormHelper:
        helper = FormHelper()
        helper.form_legend = "Kontakt"
        helper.add_input(Submit("save", "Lagre kontaktene"))
        return helper
