"""What the trace can be read of: how each kind of thing is called, and whose history one may read.

A kind that is not here is shown to nobody: a new table is in nobody's history before somebody says so.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.urls import reverse
from django.utils import formats, timezone
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from partnerships.access import Access, Own, access_of
from partnerships.models import (
    Invitation,
    Membership,
    MunicipalitySettings,
    Notice,
    Organisation,
    Partnership,
    PartnershipParty,
    Person,
    PrintRun,
    Unit,
    VolunteerCentre,
)
from partnerships.selectors.history_names import Names
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission


@dataclass(frozen=True)
class Kind:
    model: Any
    # In addresses: /historikk/<slug>/<pk>/.
    slug: str
    label: str | Promise
    # Which rows are one's own, for those whose right to read does not reach the whole municipality.
    own: Callable[[Access, Own], Q]
    about: Callable[[Any, Names], str]
    # The thing's own page, for those who may open it; empty where it has none.
    page: Callable[[Any, User], str] = lambda _row, _user: ""
    related: tuple[str, ...] = ()
    # The person whose name `about` needs.
    person_field: str = ""
    # Where the controller is the wall, too: the whole municipality is not everybody in it.
    behind: Callable[[QuerySet[Person]], Q] = lambda _seen: Q()

    @property
    def type_name(self) -> str:
        return str(self.model._meta.label_lower)

    def reached(self, user: User) -> QuerySet[Any]:
        """The rows whose history the user may read."""
        access = access_of(user)
        everywhere = access.municipalities_all(Permission.HISTORY_READ)
        own = self.own(access, access.own(Permission.HISTORY_READ))
        rows = self.model._default_manager.all()
        if self.related:
            rows = rows.select_related(*self.related)
        seen = self.behind(Person.objects.visible_to(user))
        found: QuerySet[Any] = rows.filter(seen, Q(municipality__in=everywhere) | own)
        return found


def _at_own_place(_access: Access, own: Own) -> Q:
    return Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)


def own_parties(access: Access, own: Own) -> Q:
    """A party reads what the parties share, also from the municipality next door."""
    parties = PartnershipParty.objects.filter(partnership=OuterRef("pk"), accepted_at__isnull=False)
    everywhere = access.municipalities_all(Permission.HISTORY_READ)
    return Q(Exists(parties.filter(Q(party_municipality__in=everywhere) | _at_own_place(access, own))))


def _own_people(_access: Access, own: Own) -> Q:
    here = Membership.objects.filter(person=OuterRef("pk"))
    return (
        Q(controller_organisation__in=own.organisation_ids)
        | Q(controller_centre__in=own.centre_ids)
        | Q(Exists(here.filter(_at_own_place(_access, own))))
    )


def _to_own_people(access: Access, own: Own) -> Q:
    return Q(Exists(Person.objects.filter(_own_people(access, own), pk=OuterRef("person"))))


def _seen_in_print(seen: QuerySet[Person]) -> Q:
    """Letters to one controller's people lie in one PDF: who may see one of them may see that it was made."""
    letters = Notice.objects.filter(print_run=OuterRef("pk"), person__in=seen.values("pk"))
    return Q(Exists(letters))


def _notice_to(row: Any, names: Names) -> str:
    name = names.people.get(row.person_id)
    return _("Beskjeden til %(name)s") % {"name": name} if name else _("En beskjed")


def _letters_of(row: Any, _names: Names) -> str:
    day = formats.date_format(timezone.localdate(row.made_at))
    return _("Brev laget %(day)s") % {"day": day}


def _role_of(row: Any, names: Names) -> str:
    told = {"name": names.people.get(row.person_id, ""), "role": row.role_label, "place": row.place_name}
    return (_("%(name)s, %(role)s") if told["name"] else _("%(role)s, %(place)s")) % told


def _invitation_to(row: Any, names: Names) -> str:
    name = names.people.get(row.person_id)
    if name:
        return _("Invitasjonen til %(name)s") % {"name": name}
    return _("En invitasjon til rollen %(role)s") % {"role": row.role_label}


def _role_page(row: Membership, user: User) -> str:
    may = row.ended_at is None and access_of(user).covers(Permission.MEMBER_MANAGE, row)
    return reverse("membership_change", args=[row.pk]) if may else ""


def _settings_page(row: MunicipalitySettings, user: User) -> str:
    may = row.municipality_id in access_of(user).municipalities_all(Permission.SETTINGS_EDIT)
    return reverse("municipality_settings") if may else ""


def _partnership_page(row: Partnership, user: User) -> str:
    seen = Partnership.objects.visible_to(user).filter(pk=row.pk).exists()
    return reverse("partnership", args=[row.pk]) if seen else ""


_PLACED = ("person", "unit", "centre", "organisation", "municipality__settings")

_FROM_START = (
    Kind(
        model=Membership,
        slug="rolle",
        label=gettext_lazy("Roller"),
        own=_at_own_place,
        about=_role_of,
        page=_role_page,
        related=_PLACED,
        person_field="person_id",
    ),
    Kind(
        model=Invitation,
        slug="invitasjon",
        label=gettext_lazy("Invitasjoner"),
        own=_at_own_place,
        about=_invitation_to,
        related=_PLACED,
        person_field="person_id",
    ),
    Kind(
        model=MunicipalitySettings,
        slug="innstillinger",
        label=gettext_lazy("Innstillinger"),
        own=lambda _access, _own: Q(pk=None),
        about=lambda _row, _names: _("Innstillingene"),
        page=_settings_page,
    ),
    Kind(
        model=Unit,
        slug="enhet",
        label=gettext_lazy("Enheter"),
        own=lambda _access, own: Q(pk__in=own.unit_ids),
        about=lambda row, _names: row.name,
    ),
    Kind(
        model=VolunteerCentre,
        slug="frivilligsentral",
        label=gettext_lazy("Frivilligsentraler"),
        own=lambda _access, own: Q(pk__in=own.centre_ids),
        about=lambda row, _names: row.name,
    ),
    Kind(
        model=Organisation,
        slug="organisasjon",
        label=gettext_lazy("Organisasjoner"),
        own=lambda _access, own: Q(pk__in=own.organisation_ids),
        about=lambda row, _names: row.name,
    ),
    Kind(
        model=Partnership,
        slug="samarbeid",
        label=gettext_lazy("Samarbeid"),
        own=own_parties,
        about=lambda row, _names: row.title,
        page=_partnership_page,
    ),
    Kind(
        model=Person,
        slug="person",
        label=gettext_lazy("Personer"),
        own=_own_people,
        about=lambda row, _names: row.name,
        page=lambda row, _user: reverse("person", args=[row.pk]),
        behind=lambda seen: Q(pk__in=seen.values("pk")),
    ),
    Kind(
        model=Notice,
        slug="beskjed",
        label=gettext_lazy("Beskjeder"),
        own=_to_own_people,
        about=_notice_to,
        person_field="person_id",
        behind=lambda seen: Q(person__in=seen.values("pk")),
    ),
    Kind(
        model=PrintRun,
        slug="brev",
        label=gettext_lazy("Brev"),
        own=lambda _access, _own: Q(pk=None),
        about=_letters_of,
        behind=_seen_in_print,
    ),
)
KINDS: list[Kind] = []
BY_SLUG: dict[str, Kind] = {}
BY_TYPE: dict[str, Kind] = {}


def history_kind(kind: Kind) -> None:
    """For the parts of the portal to say what of theirs has a history to read.

    Raises ValueError when the slug or the model is taken.
    """
    if kind.slug in BY_SLUG or kind.type_name in BY_TYPE:
        message = f"There already is a history of {kind.slug!r} or {kind.type_name}."
        raise ValueError(message)
    KINDS.append(kind)
    BY_SLUG[kind.slug] = kind
    BY_TYPE[kind.type_name] = kind


for _kind in _FROM_START:
    history_kind(_kind)
