"""Filters in use become chips, each with the address of the list without it."""

from django import forms
from django.http import QueryDict

from samskaping.core.listing import active_filters


class FilterForm(forms.Form):
    q = forms.CharField(label="Søk", required=False)
    area = forms.MultipleChoiceField(
        label="Område", required=False, choices=[("e", "Eldre"), ("k", "Kultur")]
    )
    mine = forms.BooleanField(label="Bare mine", required=False)


def chips(query: str):
    data = QueryDict(query)
    return active_filters(FilterForm(data), data)


def test_no_filters_no_chips():
    assert chips("") == []


def test_each_value_is_a_chip_that_takes_only_itself_away():
    found = chips("q=tur&area=e&area=k&mine=on&page=3")
    assert [chip.label for chip in found] == ["Søk: tur", "Eldre", "Kultur", "Bare mine"]
    assert found[1].url == "?q=tur&area=k&mine=on"
    assert found[3].url == "?q=tur&area=e&area=k"


def test_a_value_that_is_no_choice_gives_no_chips():
    assert chips("area=x") == []
