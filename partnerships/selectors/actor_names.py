"""Finding the one somebody means when she writes a name: «Fjordvik turlag», «Fjordheimen sykehjem»."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from partnerships.models import Organisation, Unit, VolunteerCentre
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key

Actor = Unit | VolunteerCentre | Organisation


@dataclass(frozen=True)
class ActorNames:
    """Everybody who is here now, by what a list of suggestions calls them."""

    by_label: dict[str, Actor]

    def labels(self) -> list[str]:
        return sorted(self.by_label, key=lambda label: _key_of(label, self.by_label[label]))

    def find(self, typed: str) -> Actor | None:
        """The one with this label, whatever its capitals and spaces."""
        return self._folded().get(sort_key(typed))

    def label_of(self, actor: Actor) -> str:
        return next((label for label, one in self.by_label.items() if one == actor), actor.name)

    def _folded(self) -> dict[str, Actor]:
        return {_key_of(label, actor): actor for label, actor in self.by_label.items()}


def _key_of(label: str, actor: Actor) -> str:
    """There are hundreds, and nearly all are called by their name, whose key is kept."""
    return actor.name_key if label == actor.name else sort_key(label)


def actor_names(municipality: Municipality) -> ActorNames:
    """Three queries. Two with the same name are told apart by where or what they are."""
    found = list(_here(municipality))
    times = Counter(actor.name_key for actor, _apart in found)
    return ActorNames(
        {
            (f"{actor.name} ({apart})" if times[actor.name_key] > 1 else actor.name): actor
            for actor, apart in found
        }
    )


def _here(municipality: Municipality) -> Iterator[tuple[Actor, str]]:
    for organisation in Organisation.objects.filter(municipality=municipality, ended_at=None):
        yield organisation, organisation.number or _("lag")
    for centre in VolunteerCentre.objects.filter(municipality=municipality, ended_at=None):
        yield centre, _("frivilligsentral")
    units = Unit.objects.filter(municipality=municipality, ended_at=None).select_related("parent")
    for unit in units:
        yield unit, unit.parent.name if unit.parent else _("enhet")
