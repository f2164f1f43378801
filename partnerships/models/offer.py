"""Level 3: an activity in operation, what a volunteer must have there, and what is new about it."""

from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre, at_most_one_actor, with_key
from partnerships.models.areas import Area
from partnerships.models.codesign import CodesignProcess
from partnerships.models.edited import Edited
from partnerships.models.partnership import Partnership
from partnerships.models.person import Person
from partnerships.models.reach import Ways, reached, union_of, ways, ways_to_see
from partnerships.models.reach import keys_seen as partnership_keys_seen
from partnerships.models.requirement import RequirementKind
from partnerships.models.task_check import TaskCheck
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.text import sort_key
from samskaping.core.written import Given


class OfferState(models.TextChoices):
    PLANNED = "planned", _("Planlagt")
    RUNNING = "running", _("I gang")
    PAUSED = "paused", _("På pause")
    ENDED = "ended", _("Avsluttet")


def ways_to_offers(user: User) -> Ways:
    """How she comes to see offers, for what is written once: for `offer_keys_seen`."""
    access = access_of(user)
    own = access.own(Permission.OFFER_READ)
    hers = ways(
        user=user.pk,
        offer_towns=access.municipalities_all(Permission.OFFER_READ),
        offer_units=own.unit_ids,
        offer_centres=own.centre_ids,
        offer_organisations=own.organisation_ids,
        # Whoever no longer works there is no contact there.
        contact_in=access.municipality_ids,
    )
    return {**ways_to_see(user), **hers}


def offer_keys_seen(having: frozenset[str]) -> "models.QuerySet[Any, Any]":
    found = {
        "offer_towns": Q(municipality__in=Given("offer_towns")),
        "offer_units": Q(unit__in=Given("offer_units")),
        "offer_centres": Q(centre__in=Given("offer_centres")),
        "offer_organisations": Q(organisation__in=Given("offer_organisations")),
        "contact_in": Q(contact__user=Given("user"), contact__municipality__in=Given("contact_in")),
    }
    with_partnership = Q(partnership__among=partnership_keys_seen(having))
    conditions = [with_partnership, *(way for name, way in found.items() if name in having)]
    return union_of(*(Offer.objects.filter(way).values("pk") for way in conditions))


class OfferQuerySet(models.QuerySet["Offer"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the partnership; where it is held; and whoever is its contact."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(pk__in=reached(offer_keys_seen, ways_to_offers(user)))

    def open(self) -> Self:
        """Those there are times of, or will be."""
        return self.exclude(state=OfferState.ENDED)


class Offer(Edited):
    """Always in a partnership, a light one of the same name where there was none: the line has one thread."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.PROTECT, related_name="offers", verbose_name=_("samarbeid")
    )
    # Where it was developed together, when it was.
    process = models.ForeignKey(
        CodesignProcess, on_delete=models.SET_NULL, null=True, blank=True, related_name="offers"
    )
    # Where it is held and who runs it: at most one of these.
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="offers", verbose_name=_("enhet")
    )
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="offers"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="offers"
    )
    title = models.CharField(_("navn"), max_length=150)
    title_key = models.CharField(max_length=150, editable=False)
    template = models.SlugField(max_length=80, blank=True)
    about = models.TextField(_("hva vi gjør"), max_length=2000, blank=True)
    for_whom = models.CharField(_("hvem det er for"), max_length=200, blank=True)
    areas = ArrayField(
        models.CharField(max_length=20, choices=Area), verbose_name=_("områder"), default=list, blank=True
    )
    place = models.CharField(_("sted"), max_length=200, blank=True)
    getting_there = models.CharField(_("slik kommer folk dit"), max_length=300, blank=True)
    capacity = models.PositiveSmallIntegerField(_("plass til"), null=True, blank=True)
    # «Dette kan du vente deg»: for who comes, for the volunteer, and for the place, on one sheet.
    expect = ArrayField(
        models.CharField(max_length=300), verbose_name=_("når du kommer"), default=list, blank=True
    )
    expect_volunteer = ArrayField(
        models.CharField(max_length=300), verbose_name=_("når du er frivillig"), default=list, blank=True
    )
    expect_place = ArrayField(
        models.CharField(max_length=300), verbose_name=_("på stedet"), default=list, blank=True
    )
    insurance = models.CharField(_("er jeg forsikret?"), max_length=300, blank=True)
    expenses = models.CharField(_("får jeg dekket utgifter?"), max_length=300, blank=True)
    # Whom to ring; a number of the place where the contact hides her own.
    contact = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="offers",
        verbose_name=_("kontaktperson"),
    )
    ring = models.CharField(_("telefon til tilbudet"), max_length=20, blank=True)
    # Those who recruit elsewhere link to it.
    sign_up_url = models.URLField(_("påmelding"), max_length=400, blank=True)
    state = models.CharField(_("status"), max_length=7, choices=OfferState, default=OfferState.PLANNED)
    paused_until = models.DateField(_("tas opp igjen"), null=True, blank=True)
    ended_on = models.DateField(_("avsluttet"), null=True, blank=True)
    because = models.CharField(_("hvorfor"), max_length=300, blank=True)
    # When it is, by the clock on the wall in Norway: days by an RRULE (RFC 5545) from the first day on.
    first_on = models.DateField(_("første gang"), null=True, blank=True)
    from_time = models.TimeField(_("fra kl."), null=True, blank=True)
    to_time = models.TimeField(_("til kl."), null=True, blank=True)
    rule = models.CharField(_("gjentas"), max_length=200, blank=True)
    skips_holidays = models.BooleanField(_("ikke på helligdager"), default=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    objects = OfferQuerySet.as_manager()

    class Meta:
        verbose_name = _("tilbud")
        verbose_name_plural = _("tilbud")
        ordering = ("title_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="offer_on_one_side",
                condition=at_most_one_actor(),
                violation_error_message=_("Tilbudet holdes ett sted."),
            ),
            models.CheckConstraint(
                name="offer_ended_has_day",
                condition=Q(state="ended", ended_on__isnull=False) | (~Q(state="ended") & Q(ended_on=None)),
                violation_error_message=_("Skriv hvilken dag tilbudet tok slutt."),
            ),
            models.CheckConstraint(
                name="offer_times_whole",
                condition=Q(first_on=None, from_time=None, to_time=None, rule="")
                | Q(first_on__isnull=False, from_time__isnull=False, to_time__isnull=False),
                violation_error_message=_("Skriv dag, fra og til."),
            ),
            models.CheckConstraint(
                name="offer_until_only_on_pause",
                condition=Q(paused_until=None) | Q(state="paused"),
                violation_error_message=_("Bare et tilbud på pause tas opp igjen."),
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "title_key"), name="offer_by_title"),
            models.Index(fields=("municipality", "state"), name="offer_by_state"),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.title_key = sort_key(self.title)
        super().save(**with_key(kwargs, "title", "title_key"))

    def owned_by(self) -> Own:
        """The parties, where it is held, and whoever is its contact."""
        parties = self.partnership.owned_by()
        units = parties.unit_ids | ({self.unit_id} if self.unit_id else frozenset())
        return Own(
            contact_at=frozenset((self.contact_id, unit) for unit in units if self.contact_id),
            unit_ids=units,
            centre_ids=parties.centre_ids | ({self.centre_id} if self.centre_id else frozenset()),
            organisation_ids=parties.organisation_ids
            | ({self.organisation_id} if self.organisation_id else frozenset()),
            municipality_ids=parties.municipality_ids,
        )


class OfOffer(models.QuerySet[Any]):
    """Rows of an offer are seen by those who see the offer."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(offer__in=Offer.objects.visible_to(user))


class OfferRequirement(models.Model):
    """What a volunteer must have here: as the task check gave it, or changed with a reason."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="requirements")
    kind = models.ForeignKey(RequirementKind, on_delete=models.PROTECT, related_name="+")
    task_check = models.ForeignKey(
        TaskCheck, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    because = models.CharField(_("hvorfor"), max_length=300, blank=True)
    removed_at = models.DateTimeField(_("tatt bort"), null=True, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")

    objects = OfOffer.as_manager()

    class Meta:
        verbose_name = _("krav til tilbudet")
        verbose_name_plural = _("krav til tilbudet")
        constraints = (
            models.UniqueConstraint(
                name="offer_requirement_once",
                fields=("offer", "kind"),
                condition=Q(removed_at=None),
                violation_error_message=_("Kravet er allerede med."),
            ),
            models.CheckConstraint(
                name="offer_requirement_has_ground",
                condition=Q(removed_at=None, task_check__isnull=False) | ~Q(because=""),
                violation_error_message=_("Skriv hvorfor."),
            ),
        )

    def __str__(self) -> str:
        return f"OfferRequirement {self.pk}"

    def owned_by(self) -> Own:
        return self.offer.owned_by()


class NewsKind(models.TextChoices):
    PAUSED = "paused", _("Satt på pause")
    RESUMED = "resumed", _("I gang igjen")
    ENDED = "ended", _("Avsluttet")
    TIMES = "times", _("Nye tider")
    PLACE = "place", _("Nytt sted")
    CANCELLED = "cancelled", _("Avlyst")
    MOVED = "moved", _("Flyttet")
    RESTORED = "restored", _("Likevel ikke avlyst")


class OfferNews(models.Model):
    """What those who run it or wait for it must hear of. Each is told once, in each one's own channel."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="news")
    kind = models.CharField(_("hva"), max_length=9, choices=NewsKind)
    # The day it is about: of the time that was cancelled or moved, or from which the rest holds.
    day = models.DateField(_("gjelder"))
    occurrence = models.ForeignKey(
        "partnerships.Occurrence", on_delete=models.CASCADE, null=True, blank=True, related_name="news"
    )
    because = models.CharField(_("hvorfor"), max_length=300, blank=True)
    # Nobody: the pause was over.
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now_add=True)

    objects = OfOffer.as_manager()

    class Meta:
        verbose_name = _("nytt om et tilbud")
        verbose_name_plural = _("nytt om tilbud")
        ordering = ("-at", "-pk")
        indexes = (
            models.Index(fields=("offer", "-at"), name="offer_news_by_offer"),
            models.Index(fields=("at",), name="offer_news_by_time"),
        )

    def __str__(self) -> str:
        return f"OfferNews {self.pk}"

    def owned_by(self) -> Own:
        return self.offer.owned_by()
