"""The crispy pack gives the markup of designsystemet.md § 1.4–1.5, in every case of its table."""

import re

import pytest
from crispy_forms.helper import FormHelper
from crispy_forms.utils import render_crispy_form
from django import forms
from django.template import Context, Template
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, override

from samskaping.core.forms import ErrorLine, LongChoice, blank, first_control_id, summarise_errors
from samskaping.core.gallery_form import ExampleForm, ExampleFormSet


class Noted(forms.Form):
    name = forms.CharField(label=gettext_lazy("Navn"), required=False)

    def __init__(self, *args, **kwargs):
        super().__init__(*args, **kwargs)
        self.helper = FormHelper()
        self.helper.mark_optional = False


class Spoken(forms.Form):
    languages = forms.MultipleChoiceField(
        label="Språk",
        required=False,
        choices=[(f"l{number}", f"Språk {number}") for number in range(12)],
        widget=LongChoice(first=2, more="Flere"),
    )
    helper = FormHelper()


@pytest.fixture
def clean():
    return str(render_crispy_form(ExampleForm()))


@pytest.fixture
def wrong():
    form = ExampleForm.with_errors()
    summarise_errors(form)
    return str(render_crispy_form(form))


def around(html: str, id_: str) -> str:
    """The field that holds the control with this id."""
    parts = re.split(r'(?=<div class="ds-field|<fieldset class="ds-fieldset)', html)
    return next(part for part in parts if f'id="{id_}"' in part)


def test_plain_field_is_label_description_control(clean):
    field = around(clean, "id_name")
    order = [field.index(part) for part in ("<label", 'id="id_name_helptext"', "<input")]
    assert order == sorted(order)
    assert 'aria-describedby="id_name_helptext"' in field
    assert 'class="ds-label" data-weight="medium" for="id_name"' in field


def test_error_follows_the_control_and_is_named_by_it(wrong):
    field = around(wrong, "id_name")
    assert 'aria-invalid="true"' in field
    assert 'aria-describedby="id_name_helptext id_name_error"' in field
    assert field.index("<input") < field.index('id="id_name_error"')
    assert field.count("ds-validation-message") == 1


def test_every_control_has_the_class_but_hidden_ones_and_options(clean):
    for control in re.findall(r"<(?:input|select|textarea)[^>]*>", clean):
        hidden = 'type="hidden"' in control
        assert ("ds-input" in control) != hidden, control
    assert not re.search(r"<option[^>]*ds-input", clean)


def test_group_is_a_fieldset_that_is_described(wrong):
    group = wrong[wrong.index('<fieldset class="ds-fieldset"') :]
    group = group[: group.index("</fieldset>")]
    assert 'aria-describedby="id_kind_helptext id_kind_error"' in group[: group.index(">")]
    assert group.count('<div class="ds-field">') == 2
    assert group.count('<legend class="ds-label"') == 1
    assert 'for="id_kind_0"' in group
    assert 'for="id_kind"' not in group


def test_a_long_choice_shows_the_first_and_the_chosen(clean):
    """Each once, chosen or not; an error leads to the first, which is never behind the click."""
    html = str(render_crispy_form(Spoken({"languages": ["l7"]})))
    shown, more = html.split("<details")
    assert re.findall(r'value="(l\d+)"', shown) == ["l0", "l1", "l7"]
    assert len(re.findall(r'value="l\d+"', more)) == 9
    assert "<summary>Flere</summary>" in more
    assert "<details" not in clean


def test_tick_and_switch_come_before_their_label(clean):
    for id_ in ("id_agree", "id_remind"):
        field = around(clean, id_)
        assert field.index("<input") < field.index("<label")
        assert "valgfritt" not in field
    assert 'role="switch"' in around(clean, "id_remind")


def test_only_optional_fields_are_marked(clean):
    assert "(valgfritt)" in around(clean, "id_about")
    assert "(valgfritt)" not in around(clean, "id_name")
    assert "*" not in re.sub(r"<[^>]*>", "", clean)


def test_what_was_typed_is_kept_and_escaped(wrong):
    assert "Turer &lt;i&gt;hver&lt;/i&gt; uke" in wrong
    assert 'value="kari@"' in wrong
    assert 'value="2020-01-01"' in wrong


def test_hidden_fields_have_no_frame(clean):
    assert '<input type="hidden" name="version" value="3" id="id_version">' in clean


def test_buttons_say_what_happens(clean):
    assert re.search(
        r'<button class="ds-button" type="submit" name="save"[^>]*>Legg ut tilbudet</button>', clean
    )
    assert re.search(r'name="draft"[^>]*data-variant="secondary"[^>]*>Lagre som kladd</button>', clean)


def test_form_is_sent_with_files_and_without_the_browsers_bubbles(clean):
    tag = clean[clean.index("<form") : clean.index(">", clean.index("<form"))]
    assert 'enctype="multipart/form-data"' in tag
    assert "novalidate" in tag
    assert 'method="post"' in tag


def test_summary_leads_to_the_first_control_of_every_field_with_an_error():
    form = ExampleForm.with_errors()
    lines = summarise_errors(form)
    html = render_crispy_form(form)
    assert lines[0].id == "", "an error of the whole form leads nowhere"
    assert {line.id for line in lines[1:]} >= {"id_name", "id_kind_0", "id_agree"}
    for line in lines[1:]:
        assert f'id="{line.id}"' in html


def test_summary_does_not_put_a_colon_after_a_question():
    texts = [line.text for line in summarise_errors(ExampleForm.with_errors())]
    assert "Hva heter tilbudet? Fyll ut dette." in texts
    assert any(text.startswith("E-post til kontakten: ") for text in texts)


def test_form_wide_error_is_said_once_whether_or_not_there_is_a_summary():
    form = ExampleForm.with_errors()
    message = "Noen andre har endret tilbudet"
    assert render_crispy_form(form).count(message) == 1
    page = Template("{% load components crispy_forms_tags %}{% error_summary form %}{% crispy form %}")
    assert page.render(Context({"form": ExampleForm.with_errors()})).count(message) == 1


def test_summary_takes_focus_and_is_absent_without_errors():
    page = Template("{% load components %}{% error_summary form %}")
    shown = page.render(Context({"form": ExampleForm.with_errors()}))
    assert re.search(r'<div class="ds-error-summary"[^>]*tabindex="-1"[^>]*autofocus', shown)
    assert page.render(Context({"form": ExampleForm()})).strip() == ""
    assert page.render(Context({})).strip() == ""


def test_formset_numbers_its_forms_and_sums_up_all_of_them():
    formset = ExampleFormSet()
    html = render_crispy_form(formset, formset.helper)
    assert "<legend>Kontakt 2</legend>" in html
    assert 'name="form-TOTAL_FORMS"' in html
    data = {"form-TOTAL_FORMS": "2", "form-INITIAL_FORMS": "0", "form-0-phone": "1", "form-1-phone": "2"}
    assert [line.id for line in summarise_errors(ExampleFormSet(data))] == [
        "id_form-0-name",
        "id_form-1-name",
    ]


def test_link_goes_to_the_first_choice_of_a_group():
    form = ExampleForm()
    assert first_control_id(form["helpers"]) == "id_helpers_0"
    assert first_control_id(form["version"]) == ""
    assert ErrorLine("a", "b") == ("a", "b")


def test_a_choice_already_made_is_ticked():
    html = render_crispy_form(ExampleForm.filled())
    assert re.search(r'<input type="radio"[^>]*value="light"[^>]*checked', html)
    assert len(re.findall(r'<input type="checkbox" name="helpers"[^>]*checked', html)) == 2


def test_a_helper_can_leave_optional_unmarked():
    class Filter(forms.Form):
        q = forms.CharField(required=False)

    field = '{% include "designsystemet/field.html" with mark_optional=False %}'
    page = Template("{% for field in form %}" + field + "{% endfor %}")
    assert "valgfritt" not in page.render(Context({"form": Filter()}))


def test_blank_form_is_what_it_would_be_without_tag_and_token_in_each_language():
    for language in ("nb", "en", "nb"):
        with override(language):
            made = Noted(auto_id="note_%s")
            made.helper.form_tag, made.helper.disable_csrf = False, True
            fields = blank(Noted, "note_%s")
            assert fields == render_crispy_form(made)
            assert f'<label class="ds-label" data-weight="medium" for="note_name">{_("Navn")}' in fields
            assert "<form" not in fields
            assert "csrfmiddlewaretoken" not in fields
    assert blank(Noted, "note_%s") is blank(Noted, "note_%s")
