"""Ansvarskart: who does what, on any side. Handed over, never dropped."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre, at_most_one_actor
from partnerships.models.edited import Edited
from partnerships.models.partnership import Partnership
from partnerships.models.person import Person
from partnerships.models.reach import (
    Ways,
    among,
    beside_towns,
    in_any,
    keys_beside_towns,
    keys_seen,
    of_town,
    ways,
    ways_to_see,
    ways_to_work_in,
    worked_in,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality
from samskaping.core.written import Given


class DutyGroup(models.TextChoices):
    LEADERS = "leaders", _("Ledere")
    COORDINATOR = "coordinator", _("Frivillighetskoordinator")
    STAFF = "staff", _("Ansatte")
    VOLUNTEERS = "volunteers", _("Frivillige")


class DutyLevel(models.TextChoices):
    STRATEGIC = "strategic", _("Strategisk")
    TACTICAL = "tactical", _("Taktisk")
    OPERATIVE = "operative", _("Operativ")


class MapQuerySet(models.QuerySet["ResponsibilityMap"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The municipality's and its units' maps for all who work there; a partnership's with it."""
        return self.filter(_ways_to_map(user))


def _ways_to_map(user: User | AnonymousUser, path: str = "") -> Q:
    access = access_of(user)
    reads_in = access.municipalities_with(Permission.MAP_READ)
    both = reads_in & access.municipalities_all(Permission.PARTNERSHIP_READ)
    return (
        Q(**{f"{path}municipality__in": both})
        | Q(**{f"{path}partnership": None, f"{path}municipality__in": reads_in - both})
        | Q(of_town(user, path=path, beside=both), **{f"{path}partnership__isnull": False})
        | among(f"{path}partnership", beside_towns(ways_to_see(user)))
    )


def ways_to_maps(user: User | AnonymousUser) -> Ways:
    """How she comes to see maps, for what is written once: for `maps_seen`."""
    access = access_of(user)
    reads_in = access.municipalities_with(Permission.MAP_READ)
    return ways_to_see(user) | ways(
        maps_own=reads_in,
        maps_all=reads_in & access.municipalities_all(Permission.PARTNERSHIP_READ),
    )


def maps_seen(having: frozenset[str], path: str = "") -> Q:
    """What `visible_to` gives, as a condition on maps, or on what `path` leads from to its map."""
    found = Q(**{f"{path}partnership__among": keys_beside_towns(having)})
    if "maps_all" in having:
        found |= Q(**{f"{path}municipality__in": Given("maps_all")})
    if "maps_own" in having:
        found |= Q(**{f"{path}partnership": None, f"{path}municipality__in": Given("maps_own")})
    if "towns" in having:
        found |= Q(**{f"{path}partnership__isnull": False, f"{path}municipality__in": Given("towns")})
    return found


class ResponsibilityMap(models.Model):
    """Of the municipality (no unit, no partnership), of one unit, or of one partnership, which inherits."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    unit = models.OneToOneField(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="responsibility_map"
    )
    partnership = models.OneToOneField(
        Partnership, on_delete=models.CASCADE, null=True, blank=True, related_name="responsibility_map"
    )
    # What a partnership's map inherits: its unit's or the municipality's.
    inherits = models.ForeignKey(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="heirs"
    )
    template = models.ForeignKey(
        ContentTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    created_at = models.DateTimeField(auto_now_add=True)

    objects = MapQuerySet.as_manager()

    class Meta:
        verbose_name = _("ansvarskart")
        verbose_name_plural = _("ansvarskart")
        constraints = (
            models.CheckConstraint(
                name="map_of_unit_or_partnership",
                condition=Q(unit=None) | Q(partnership=None),
                violation_error_message=_("Kartet gjelder enten en enhet eller et samarbeid."),
            ),
            models.CheckConstraint(
                name="map_only_of_partnership_inherits",
                condition=Q(inherits=None) | Q(partnership__isnull=False),
                violation_error_message=_("Bare kartet til et samarbeid bygger på et annet."),
            ),
            models.UniqueConstraint(
                name="map_one_for_municipality",
                fields=("municipality",),
                condition=Q(unit=None, partnership=None),
                violation_error_message=_("Kommunen har allerede et ansvarskart."),
            ),
        )

    def __str__(self) -> str:
        return f"ResponsibilityMap {self.pk}"

    def owned_by(self) -> Own:
        if self.partnership is not None:
            return self.partnership.owned_by()
        return Own(unit_ids=frozenset({self.unit_id} if self.unit_id else ()))


class UnderMap(models.QuerySet["Duty"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(_ways_to_map(user, "map__"))


class Duty(Edited):
    """One thing somebody answers for. Two people may be editing its words at once."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    map = models.ForeignKey(ResponsibilityMap, on_delete=models.CASCADE, related_name="duties")
    group = models.CharField(_("hvem det gjelder"), max_length=11, choices=DutyGroup)
    level = models.CharField(_("nivå"), max_length=9, choices=DutyLevel, default=DutyLevel.OPERATIVE)
    text = models.CharField(_("oppgave"), max_length=200)
    order = models.PositiveSmallIntegerField(_("rekkefølge"), default=0)
    # The point of the template it began as, for comparison; empty for the parties' own.
    template_key = models.SlugField(max_length=60, blank=True)
    removed_at = models.DateTimeField(_("tatt bort"), null=True, blank=True)

    objects = UnderMap.as_manager()

    class Meta:
        verbose_name = _("oppgave")
        verbose_name_plural = _("oppgaver")
        ordering = ("map", "group", "order", "pk")
        indexes = (
            models.Index(fields=("map", "group", "order"), name="duty_by_map", condition=Q(removed_at=None)),
        )

    def __str__(self) -> str:
        return self.text

    def owned_by(self) -> Own:
        return self.map.owned_by()


def ways_to_know(user: User) -> tuple[Q, ...]:
    """How somebody may know who a holder is; one of them is enough."""
    here = access_of(user).municipalities_with(Permission.MAP_NAMES)
    return (
        Q(duty__map__partnership=None, municipality__in=here),
        Q(duty__map__partnership__in=worked_in(user)),
        Q(person__user=user),
    )


def ways_to_names(user: User) -> Ways:
    """The same ways, for what is written once: for `names_known`."""
    here = access_of(user).municipalities_with(Permission.MAP_NAMES)
    return ways_to_work_in(user) | ways(names_here=here, user=user.pk)


def names_known(having: frozenset[str]) -> Q:
    # A guest sees the map without them.
    works_in = keys_seen(having - {"as_guest"})
    known = Q(person__user=Given("user")) | Q(duty__map__partnership__in=works_in)
    if "names_here" in having:
        known |= Q(duty__map__partnership=None, municipality__in=Given("names_here"))
    return known


class HolderQuerySet(models.QuerySet["DutyHolder"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Names are for those who do daily work there, and for the parties: no observer, no guest. One's own
        are one's own."""
        if not user.is_authenticated:
            return self.none()
        ways = (DutyHolder.objects.filter(way).values("pk") for way in ways_to_know(user))
        return self.filter(in_any(*ways))

    def now(self) -> Self:
        """Those who hold a duty, or are its deputies, at this moment."""
        return self.filter(accepted_at__isnull=False, until=None)

    def asked(self) -> Self:
        """Those who are asked, and have not said yes or no."""
        return self.filter(accepted_at=None, declined_at=None, until=None)


class HolderPart(models.TextChoices):
    HOLDER = "holder", _("Ansvarlig")
    DEPUTY = "deputy", _("Stedfortreder")


class DutyHolder(models.Model):
    """A person or a position, on any party's side, for a time. The open row is who holds it now."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    duty = models.ForeignKey(Duty, on_delete=models.CASCADE, related_name="holders")
    part = models.CharField(_("del"), max_length=6, choices=HolderPart, default=HolderPart.HOLDER)
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="duties",
        verbose_name=_("person"),
    )
    position = models.CharField(
        _("stilling eller verv"), max_length=100, blank=True, help_text=_("Skriv ikke navn her.")
    )
    # On whose side, where it is not the municipality's.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Asked to take over, and not yet said yes: until then the one before still holds it.
    asked_at = models.DateTimeField(_("spurt"), auto_now_add=True)
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    accepted_at = models.DateTimeField(_("sagt ja"), null=True, blank=True)
    declined_at = models.DateTimeField(_("sagt nei"), null=True, blank=True)
    # She is known to leave on this day: red until somebody else has said yes.
    leaves_on = models.DateField(_("slutter"), null=True, blank=True)
    until = models.DateTimeField(_("holdt til"), null=True, blank=True)

    objects = HolderQuerySet.as_manager()

    class Meta:
        verbose_name = _("ansvarlig")
        verbose_name_plural = _("ansvarlige")
        ordering = ("duty", "part", "pk")
        constraints = (
            models.CheckConstraint(
                name="duty_holder_is_person_or_position",
                condition=(Q(person__isnull=False, position="") | Q(person=None) & ~Q(position="")),
                violation_error_message=_("Velg en person, eller skriv en stilling."),
            ),
            models.CheckConstraint(
                name="duty_holder_on_one_side",
                condition=at_most_one_actor(),
                violation_error_message=_("Den ansvarlige står på én side."),
            ),
            models.CheckConstraint(
                name="duty_holder_answers_once",
                condition=Q(accepted_at=None) | Q(declined_at=None),
                violation_error_message=_("Spørsmålet er besvart."),
            ),
            models.UniqueConstraint(
                name="duty_one_holder_now",
                fields=("duty", "part"),
                condition=Q(accepted_at__isnull=False, until=None),
                violation_error_message=_("Oppgaven har allerede en ansvarlig."),
            ),
            models.UniqueConstraint(
                name="duty_one_asked_now",
                fields=("duty", "part"),
                condition=Q(accepted_at=None, declined_at=None, until=None),
                violation_error_message=_("Noen er allerede spurt."),
            ),
        )
        indexes = (models.Index(fields=("person",), name="duty_holder_by_person", condition=Q(until=None)),)

    def __str__(self) -> str:
        return f"DutyHolder {self.pk}"

    def owned_by(self) -> Own:
        return self.duty.owned_by()
