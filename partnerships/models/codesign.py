"""Level 2: a service is developed together. The process, its problem, its phases, and its small wins."""

import uuid
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import (
    Organisation,
    Unit,
    VolunteerCentre,
    at_most_one_actor,
    with_key,
)
from partnerships.models.edited import Edited
from partnerships.models.partnership import Partnership, StartedBy
from partnerships.models.person import Person
from partnerships.models.reach import Ways, reached, union_of, ways, ways_to_work_in
from partnerships.models.reach import keys_seen as partnership_keys_seen
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key
from samskaping.core.written import Given


class Duration(models.TextChoices):
    SHORT = "short", _("Kort")
    LONG = "long", _("Over tid")


class ProcessState(models.TextChoices):
    PREPARING = "preparing", _("Forberedes")
    RUNNING = "running", _("I gang")
    ENDED = "ended", _("Avsluttet")


class ProcessQuerySet(models.QuerySet["CodesignProcess"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own reach, the partnership it belongs to, what she is contact of or takes part in, and as a
        guest."""
        return self.filter(pk__in=processes_seen_by(user)) if user.is_authenticated else self.none()


def processes_seen_by(user: User | AnonymousUser) -> Any:
    """The keys of what `visible_to` gives, for `__in`."""
    return reached(process_keys_seen, ways_to_processes(user))


def ways_to_processes(user: User | AnonymousUser) -> Ways:
    """How she comes to see processes: for `process_keys_seen`."""
    access = access_of(user)
    own = access.own(Permission.PROCESS_READ)
    hers = ways(
        user=user.pk,
        process_towns=access.municipalities_all(Permission.PROCESS_READ),
        process_units=own.unit_ids,
        process_centres=own.centre_ids,
        process_organisations=own.organisation_ids,
        as_contact=access.works_as,
        as_process_guest=access.guest_process_ids,
    )
    return {**ways_to_work_in(user), **hers}


def process_keys_seen(having: frozenset[str]) -> "models.QuerySet[Any, Any]":
    found = {
        "process_towns": Q(municipality__in=Given("process_towns")),
        "process_units": Q(unit__in=Given("process_units")),
        "process_centres": Q(centre__in=Given("process_centres")),
        "process_organisations": Q(organisation__in=Given("process_organisations")),
        # From her yes until she leaves.
        "user": Q(
            participants__person__user=Given("user"),
            participants__joined_at__isnull=False,
            participants__left_at=None,
        ),
        # Also from another unit, until somebody else is chosen: the group rings her.
        "as_contact": Q(convener__in=Given("as_contact")),
        "as_process_guest": Q(pk__in=Given("as_process_guest")),
    }
    with_partnership = Q(partnership__among=partnership_keys_seen(having))
    conditions = [with_partnership, *(way for name, way in found.items() if name in having)]
    return union_of(*(CodesignProcess.objects.filter(way).values("pk") for way in conditions))


class CodesignProcess(Edited):
    """Convened by one side (none: the whole municipality), inside a partnership or before there is one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="processes",
        verbose_name=_("samarbeid"),
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    title = models.CharField(_("navn"), max_length=150)
    title_key = models.CharField(max_length=150, editable=False)
    # What the group works with now; what stood there before is in ProblemVersion.
    problem = models.TextField(_("hva det handler om"), max_length=3000, blank=True)
    target_group = models.CharField(_("hvem det er for"), max_length=300, blank=True)
    duration = models.CharField(_("varighet"), max_length=5, choices=Duration, default=Duration.SHORT)
    mandate = models.TextField(_("dette kan gruppa bestemme"), max_length=2000, blank=True)
    promises = models.TextField(_("dette lover vi gruppa"), max_length=2000, blank=True)
    started_by = models.CharField(
        _("startet av"), max_length=12, choices=StartedBy, default=StartedBy.MUNICIPALITY
    )
    state = models.CharField(_("status"), max_length=9, choices=ProcessState, default=ProcessState.PREPARING)
    # Whom the participants ring.
    convener = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="convenes",
        verbose_name=_("kontaktperson for gruppa"),
    )
    # The group's own channel, where it has one: a link to it is enough.
    channel_name = models.CharField(_("gruppas egen kanal"), max_length=80, blank=True)
    channel_url = models.URLField(_("lenke til kanalen"), max_length=400, blank=True)
    # The preparation, in the words of whoever prepares.
    anchored = models.TextField(_("dette er forankret"), max_length=1000, blank=True)
    led_by = models.CharField(_("hvem leder"), max_length=150, blank=True)
    time_set_aside = models.CharField(_("tid satt av"), max_length=150, blank=True)
    # The other points of the preparation that are ticked off, by their keys.
    prepared = ArrayField(models.SlugField(max_length=40), default=list, blank=True)
    # «Inviter likevel»: somebody chose to go on without anchoring, and the trace says who.
    invited_anyway_at = models.DateTimeField(null=True, blank=True)
    invited_anyway_because = models.CharField(_("hvorfor likevel"), max_length=300, blank=True)
    public_at = models.DateTimeField(_("offentlig side"), null=True, blank=True)
    public_key = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    ended_on = models.DateField(_("avsluttet"), null=True, blank=True)
    ended_because = models.TextField(_("hvordan det gikk"), max_length=1000, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    objects = ProcessQuerySet.as_manager()

    class Meta:
        verbose_name = _("samskapingsprosess")
        verbose_name_plural = _("samskapingsprosesser")
        ordering = ("title_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="process_on_one_side",
                condition=at_most_one_actor(),
                violation_error_message=_("Prosessen har én side som inviterer."),
            ),
            models.CheckConstraint(
                name="process_ended_has_day",
                condition=Q(state="ended", ended_on__isnull=False) | (~Q(state="ended") & Q(ended_on=None)),
                violation_error_message=_("Skriv hvilken dag prosessen tok slutt."),
            ),
            models.CheckConstraint(
                name="process_anyway_has_reason",
                condition=Q(invited_anyway_at=None, invited_anyway_because="")
                | Q(invited_anyway_at__isnull=False) & ~Q(invited_anyway_because=""),
                violation_error_message=_("Skriv hvorfor dere inviterer likevel."),
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "title_key"), name="process_by_title"),
            models.Index(fields=("municipality", "state"), name="process_by_state"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.title_key = sort_key(self.title)
        super().save(**with_key(kwargs, "title", "title_key"))

    def owned_by(self) -> Own:
        """The side that convenes, and the parties of the partnership on the same footing."""
        parties = self.partnership.owned_by() if self.partnership is not None else Own()
        return Own(
            unit_ids=parties.unit_ids | ({self.unit_id} if self.unit_id else frozenset()),
            centre_ids=parties.centre_ids | ({self.centre_id} if self.centre_id else frozenset()),
            organisation_ids=parties.organisation_ids
            | ({self.organisation_id} if self.organisation_id else frozenset()),
            municipality_ids=parties.municipality_ids,
        )


class UnderProcess(models.QuerySet[Any]):
    """Rows of a process are seen by those who see the process."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(process__in=processes_seen_by(user)) if user.is_authenticated else self.none()


class ProblemVersion(models.Model):
    """How the problem was put at a time. The words added and removed are worked out when shown."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="problem_versions")
    number = models.PositiveIntegerField(_("versjon"))
    text = models.TextField(_("hva det handler om"), max_length=3000)
    because = models.CharField(_("hva vi forsto på en ny måte"), max_length=300, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(auto_now_add=True)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("versjon av problemet")
        verbose_name_plural = _("versjoner av problemet")
        ordering = ("process", "-number")
        constraints = (
            models.UniqueConstraint(
                name="problem_version_once",
                fields=("process", "number"),
                violation_error_message=_("Versjonen finnes allerede."),
            ),
        )

    def __str__(self) -> str:
        return f"ProblemVersion {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()


class PhaseKind(models.TextChoices):
    PREPARE = "prepare", _("Forberede")
    DEVELOP = "develop", _("Utvikle sammen")
    TRY = "try", _("Prøve ut")
    OPERATE = "operate", _("Drift")


class ProcessPhase(Edited):
    """One stretch of the way, with days and money. A process without one of operation shows a gap."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="phases")
    kind = models.CharField(_("fase"), max_length=7, choices=PhaseKind)
    starts_on = models.DateField(_("fra"), null=True, blank=True)
    ends_on = models.DateField(_("til"), null=True, blank=True)
    amount = models.PositiveIntegerField(_("kroner"), null=True, blank=True)
    paid_by = models.CharField(_("hvem betaler"), max_length=150, blank=True)

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("fase i prosessen")
        verbose_name_plural = _("faser i prosessen")
        ordering = ("process", F("starts_on").asc(nulls_last=True), "pk")
        constraints = (
            models.UniqueConstraint(
                name="process_phase_once",
                fields=("process", "kind"),
                violation_error_message=_("Fasen står der allerede."),
            ),
            models.CheckConstraint(
                name="process_phase_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Sluttdatoen må komme etter startdatoen."),
            ),
        )

    def __str__(self) -> str:
        return self.get_kind_display()

    def owned_by(self) -> Own:
        return self.process.owned_by()


class Win(Edited):
    """«Verdt å feire»: something small that went well, said aloud."""

    personal_fields: ClassVar[tuple[str, ...]] = ("text",)

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    process = models.ForeignKey(CodesignProcess, on_delete=models.CASCADE, related_name="wins")
    text = models.CharField(_("verdt å feire"), max_length=300)
    on = models.DateField(_("dato"))
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = UnderProcess.as_manager()

    class Meta:
        verbose_name = _("verdt å feire")
        verbose_name_plural = _("verdt å feire")
        ordering = ("-on", "-pk")

    def __str__(self) -> str:
        return f"Win {self.pk}"

    def owned_by(self) -> Own:
        return self.process.owned_by()
