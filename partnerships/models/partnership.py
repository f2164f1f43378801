"""The thread through the levels: a partnership, its parties, their contacts, and what happens in it."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre, one_actor, with_key
from partnerships.models.areas import Area, VoluntaryRole
from partnerships.models.edited import Edited
from partnerships.models.person import Person
from partnerships.models.reach import (
    among,
    beside_towns,
    of_town,
    seen_by,
    ways_to_see,
    ways_to_work_in,
    worked_in,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key


class Track(models.TextChoices):
    LIGHT = "light", _("Lett")
    FULL = "full", _("Full")


class Phase(models.TextChoices):
    ANCHORING = "anchoring", _("Forankring")
    DEVELOPMENT = "development", _("Utvikling")
    OPERATION = "operation", _("I drift")
    ENDED = "ended", _("Avsluttet")


class StartedBy(models.TextChoices):
    MUNICIPALITY = "municipality", _("Kommunen")
    CENTRE = "centre", _("En frivilligsentral")
    ORGANISATION = "organisation", _("Et lag eller en forening")
    CITIZEN = "citizen", _("En innbygger")


class PartnershipQuerySet(models.QuerySet["Partnership"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """One's own reach, a party of one's own (also from the municipality next door), or as a guest."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_town(user) | among("pk", beside_towns(ways_to_see(user))))

    def worked_in_by(self, user: User | AnonymousUser) -> Self:
        """Those she sees as more than a guest: where she also sees people and what they say to each other."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(of_town(user) | among("pk", beside_towns(ways_to_work_in(user))))

    def running(self) -> Self:
        return self.exclude(phase=Phase.ENDED).filter(paused_since=None)


class Partnership(Edited):
    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    title = models.CharField(_("navn"), max_length=150)
    title_key = models.CharField(max_length=150, editable=False)
    # What a search looks in (search_key_of): «tjeneste» finds «våketjeneste», so it is looked through whole.
    search_key = models.TextField(editable=False, blank=True)
    track = models.CharField(_("spor"), max_length=5, choices=Track, default=Track.LIGHT)
    # Which of our set-ups it began from; empty when it began with nothing.
    template = models.SlugField(max_length=80, blank=True)
    purpose = models.TextField(_("hva vi vil oppnå"), max_length=2000, blank=True)
    areas = ArrayField(
        models.CharField(max_length=20, choices=Area), verbose_name=_("områder"), default=list, blank=True
    )
    voluntary_role = models.CharField(
        _("frivillighetens rolle"), max_length=10, choices=VoluntaryRole, blank=True
    )
    phase = models.CharField(_("fase"), max_length=11, choices=Phase, default=Phase.ANCHORING)
    paused_since = models.DateField(_("på pause siden"), null=True, blank=True)
    paused_until = models.DateField(_("tas opp igjen"), null=True, blank=True)
    # When it began in life, which may be long before it stood here.
    running_since = models.DateField(_("har gått siden"), null=True, blank=True)
    ended_on = models.DateField(_("avsluttet"), null=True, blank=True)
    # What others can learn from how it ended; asked for kindly, never required.
    ended_because = models.TextField(_("hvorfor det tok slutt"), max_length=1000, blank=True)
    started_by = models.CharField(
        _("startet av"), max_length=12, choices=StartedBy, default=StartedBy.MUNICIPALITY
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    objects = PartnershipQuerySet.as_manager()

    class Meta:
        verbose_name = _("samarbeid")
        verbose_name_plural = _("samarbeid")
        ordering = ("title_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="partnership_ended_has_day",
                condition=Q(phase="ended", ended_on__isnull=False) | (~Q(phase="ended") & Q(ended_on=None)),
                violation_error_message=_("Skriv hvilken dag samarbeidet tok slutt."),
            ),
            models.CheckConstraint(
                name="partnership_paused_is_not_ended",
                condition=Q(paused_since=None) | ~Q(phase="ended"),
                violation_error_message=_("Et avsluttet samarbeid kan ikke stå på pause."),
            ),
            models.CheckConstraint(
                name="partnership_pause_in_order",
                condition=Q(paused_until=None)
                | Q(paused_since__isnull=False, paused_until__gte=F("paused_since")),
                violation_error_message=_("Samarbeidet må tas opp igjen etter at pausen begynte."),
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "phase"), name="partnership_by_phase"),
            models.Index(fields=("municipality", "title_key"), name="partnership_by_title"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.title_key = sort_key(self.title)
        super().save(**with_key(kwargs, "title", "title_key"))

    @property
    def area_labels(self) -> list[str]:
        """What left the list of areas is left out, not shown as a code."""
        labels = dict(Area.choices)
        return [str(labels[area]) for area in self.areas if area in labels]

    def owned_by(self) -> Own:
        """The accepted parties, on the same footing whoever started it."""
        # All of them, so that a list that has them at hand asks nothing more.
        parties = [p for p in self.parties.all() if p.accepted_at is not None and p.left_on is None]
        return Own(
            unit_ids=frozenset(p.unit_id for p in parties if p.unit_id),
            centre_ids=frozenset(p.centre_id for p in parties if p.centre_id),
            organisation_ids=frozenset(p.organisation_id for p in parties if p.organisation_id),
            municipality_ids=frozenset(p.party_municipality_id for p in parties),
        )


class UnderPartnership(models.QuerySet[Any]):
    """Rows of a partnership are seen by those who see the partnership."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(partnership__in=seen_by(user))


class BetweenParties(models.QuerySet[Any]):
    """Rows of a partnership that tell of people: not for guests."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(partnership__in=worked_in(user))


class PartyQuerySet(UnderPartnership):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the partnership; and whoever may answer sees the question before there is an answer."""
        access = access_of(user)
        own = access.own(Permission.PARTNERSHIP_EDIT)
        return self.filter(
            Q(partnership__in=seen_by(user))
            | Q(accepted_at=None, declined_at=None)
            & (
                Q(party_municipality__in=access.municipalities_all(Permission.PARTNERSHIP_EDIT))
                | Q(unit__in=own.unit_ids)
                | Q(centre__in=own.centre_ids)
                | Q(organisation__in=own.organisation_ids)
            )
        )

    def taking_part(self) -> Self:
        return self.filter(accepted_at__isnull=False, left_on=None)


class PartnershipParty(models.Model):
    """One side of a partnership. `municipality` is the owner's, `party_municipality` the party's own."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    party_municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("partens kommune")
    )
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, related_name="parties", verbose_name=_("samarbeid")
    )
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="parties")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="parties"
    )
    asked_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    asked_at = models.DateTimeField(_("spurt"), auto_now_add=True)
    accepted_at = models.DateTimeField(_("takket ja"), null=True, blank=True)
    declined_at = models.DateTimeField(_("takket nei"), null=True, blank=True)
    answered_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    left_on = models.DateField(_("gikk ut"), null=True, blank=True)

    objects = PartyQuerySet.as_manager()

    class Meta:
        verbose_name = _("part")
        verbose_name_plural = _("parter")
        constraints = (
            models.CheckConstraint(
                name="party_is_one_actor",
                condition=one_actor(),
                violation_error_message=_("En part er én enhet, én frivilligsentral eller én organisasjon."),
            ),
            models.CheckConstraint(
                name="party_answers_once",
                condition=Q(accepted_at=None) | Q(declined_at=None),
                violation_error_message=_("En part sier ja eller nei, ikke begge deler."),
            ),
            models.CheckConstraint(
                name="party_left_was_in",
                condition=Q(left_on=None) | Q(accepted_at__isnull=False),
                violation_error_message=_("Bare en part som er med, kan gå ut."),
            ),
            models.UniqueConstraint(
                name="party_once",
                fields=("partnership", "unit", "centre", "organisation"),
                nulls_distinct=False,
                violation_error_message=_("Parten er allerede med."),
            ),
        )
        indexes = (
            # Few, and asked for wherever somebody reaches all of a municipality (`keys_beside_towns`).
            models.Index(
                fields=("party_municipality",),
                name="party_next_door",
                condition=Q(accepted_at__isnull=False, left_on=None)
                & ~Q(municipality=F("party_municipality")),
            ),
        )

    def __str__(self) -> str:
        return f"PartnershipParty {self.pk}"

    @property
    def actor(self) -> Unit | VolunteerCentre | Organisation:
        found = self.unit or self.centre or self.organisation
        assert found is not None, "party_is_one_actor holds"  # noqa: S101
        return found

    @property
    def is_municipal(self) -> bool:
        return self.unit_id is not None

    def owned_by(self) -> Own:
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )


class Grant(Edited):
    """Money from outside, with an end and a day to report."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="grants")
    source = models.CharField(_("hvem gir støtten"), max_length=150)
    amount = models.PositiveIntegerField(_("kroner"), null=True, blank=True)
    starts_on = models.DateField(_("fra"), null=True, blank=True)
    ends_on = models.DateField(_("til"), null=True, blank=True)
    report_on = models.DateField(_("rapportfrist"), null=True, blank=True)
    reported_on = models.DateField(_("rapportert"), null=True, blank=True)

    objects = UnderPartnership.as_manager()

    class Meta:
        verbose_name = _("tilskudd")
        verbose_name_plural = _("tilskudd")
        ordering = ("ends_on", "pk")
        constraints = (
            models.CheckConstraint(
                name="grant_dates_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Sluttdatoen må komme etter startdatoen."),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "report_on"),
                name="grant_to_report",
                condition=Q(reported_on=None, report_on__isnull=False),
            ),
        )

    def __str__(self) -> str:
        return self.source

    def owned_by(self) -> Own:
        return self.partnership.owned_by()


class LogKind(models.TextChoices):
    PHONE = "phone", _("Telefon")
    MEETING = "meeting", _("Møte")
    NOTE = "note", _("Notat")
    # What the portal notes itself, and tells the parties of.
    PHASE = "phase", _("Fase")
    PARTY = "party", _("Parter")
    OFFER = "offer", _("Tilbud")


class LogEntry(models.Model):
    """Ten seconds: who, one line, the next date. What the portal itself noted stands there too."""

    personal_fields: ClassVar[tuple[str, ...]] = ("line", "who")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(Partnership, on_delete=models.CASCADE, related_name="log")
    kind = models.CharField(_("slag"), max_length=7, choices=LogKind, default=LogKind.NOTE)
    # Somebody the portal knows, or a name in words.
    person = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="log_entries",
        verbose_name=_("person"),
    )
    who = models.CharField(_("hvem"), max_length=120, blank=True)
    line = models.TextField(_("notat"), max_length=1000)
    next_on = models.DateField(_("neste gang"), null=True, blank=True)
    next_done_at = models.DateTimeField(null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = BetweenParties.as_manager()

    class Meta:
        verbose_name = _("logglinje")
        verbose_name_plural = _("logg")
        ordering = ("-at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="log_person_or_name",
                condition=Q(person=None) | Q(who=""),
                violation_error_message=_("Velg en person, eller skriv et navn."),
            ),
        )
        indexes = (
            models.Index(fields=("partnership", "-at"), name="log_by_partnership"),
            models.Index(
                fields=("municipality", "next_on"),
                name="log_next",
                condition=Q(next_on__isnull=False, next_done_at=None),
            ),
        )

    def __str__(self) -> str:
        return f"LogEntry {self.pk}"

    def owned_by(self) -> Own:
        return self.partnership.owned_by()


def search_key_of(*texts: str) -> str:
    """Title, purpose and parties as one text without accents and capitals; what is typed is folded alike."""
    return " ".join(sort_key(text) for text in texts if text)
