"""Writing with whom: one line for each, with suggestions, and room for somebody nobody has noted yet."""

from typing import Any

from crispy_forms.layout import HTML
from django import forms
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from partnerships.selectors.actor_names import Actor, ActorNames
from samskaping.core.text import sort_key

PREFIX = "party_"
# Empty lines to write on.
ROOM = 2
MOST = 20


class ActorNamesMixin(forms.Form):
    """Adds `party_1`, `party_2` … to a form; `parties()` gives those who are known, and new names."""

    actors: ActorNames
    # Who stands in which field before anybody writes.
    there: dict[str, Actor]

    def add_party_fields(self, actors: ActorNames, there: list[Actor], *, least: int = 3) -> list[str]:
        """Returns the fields' names, for the layout."""
        self.actors = actors
        sent = sum(1 for key in self.data if key.startswith(self.add_prefix(PREFIX))) if self.is_bound else 0
        count = min(MOST, max(least, len(there) + ROOM, sent))
        names = [f"{PREFIX}{n}" for n in range(1, count + 1)]
        self.there = dict(zip(names, there, strict=False))
        for n, name in enumerate(names):
            self.fields[name] = forms.CharField(
                label=_("Part %(n)s") % {"n": n + 1},
                required=False,
                max_length=150,
                initial=actors.label_of(there[n]) if n < len(there) else "",
                widget=forms.TextInput(attrs={"list": "actors", "autocomplete": "off"}),
            )
        return names

    def suggestions(self) -> HTML:
        """The list the browser suggests from; without it, one writes the whole name."""
        return HTML(datalist(self.actors))

    def parties(self) -> list[Actor | str]:
        """In the order they stand, each once; a name nobody has is given as it was written."""
        found: list[Actor | str] = []
        for name, typed in self.cleaned_data.items():
            plain = " ".join(typed.split()) if name.startswith(PREFIX) else ""
            party = self._meant(name, plain) if plain else None
            if party is not None and party not in found:
                found.append(party)
        return found

    def _meant(self, field: str, plain: str) -> Actor | str:
        """A name that was left as it stood is who stood there, also one that is no longer among us."""
        key = sort_key(plain)
        same = [name for name, one in self.there.items() if sort_key(self.actors.label_of(one)) == key]
        if field in same:
            return self.there[field]
        return self.actors.find(plain) or (self.there[same[0]] if same else plain)

    def standing_parties(self, there: list[Actor]) -> dict[str, Any]:
        labels = [self.actors.label_of(actor) for actor in there]
        names = [name for name in self.fields if name.startswith(PREFIX)]
        return dict(zip(names, [*labels, *[""] * len(names)], strict=False))


def datalist(actors: ActorNames) -> SafeString:
    options = format_html_join("", '<option value="{}"></option>', ((label,) for label in actors.labels()))
    return format_html('<datalist id="actors">{}</datalist>', options)
