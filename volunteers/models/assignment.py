"""What a volunteer takes on, whom she is known to there, and where somebody is looked for."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Access, Own, access_of
from partnerships.models import Offer
from partnerships.models.actors import CentreOwnership
from partnerships.models.edited import Edited
from partnerships.models.offer import OfferState, OfOffer
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from volunteers.models.volunteer import HowMuch, Language, Volunteer


class AssignmentState(models.TextChoices):
    ASKED = "asked", _("Spurt")
    INTERESTED = "interested", _("Vil gjerne")
    ACTIVE = "active", _("Med")
    PAUSED = "paused", _("Pause")
    ENDED = "ended", _("Avsluttet")
    DECLINED = "declined", _("Sa nei")


# She is there, or soon.
THERE = (AssignmentState.INTERESTED, AssignmentState.ACTIVE, AssignmentState.PAUSED)
# One row for each of these at an offer.
OPEN = (AssignmentState.ASKED, *THERE)


def _at_offers_of(own: Own) -> Q:
    reached = (
        Q(offer__unit__in=own.unit_ids)
        | Q(offer__centre__in=own.centre_ids)
        | Q(offer__organisation__in=own.organisation_ids)
    )
    for person, unit in sorted(own.contact_at):
        reached |= Q(offer__contact=person, offer__unit=unit)
    return reached


class AssignmentQuerySet(models.QuerySet["Assignment"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user))

    def there(self) -> Self:
        return self.filter(state__in=THERE)

    def at_municipal_offers(self) -> Self:
        """At offers the municipality holds itself; another party's are not its own."""
        return self.filter(
            Q(offer__centre=None) | Q(offer__centre__ownership=CentreOwnership.MUNICIPAL),
            offer__organisation=None,
            offer__municipality=F("municipality"),
        )

    def known_at_offer(self) -> Self:
        """Where others than who keeps her may know who she is: the municipality's own at its own offers, and
        whoever is shared there. A club knows its own by keeping them, wherever they are."""
        person = "volunteer__person__"
        municipal = Q(
            **{f"{person}controller_organisation": None, f"{person}controller_centre": None},
            offer__organisation=None,
            offer__municipality=F("municipality"),
        ) & (Q(offer__centre=None) | Q(offer__centre__ownership=CentreOwnership.MUNICIPAL))
        shares = VolunteerShare.objects.filter(volunteer=OuterRef("volunteer"), ended_at=None)
        shared = Exists(shares.filter(offer=OuterRef("offer"))) | Exists(
            shares.filter(partnership=OuterRef("offer__partnership"))
        )
        return self.there().filter(municipal | shared)

    def at_offers_of(self, access: Access, permission: Permission) -> Self:
        """At offers the permission reaches by where they are held, or by being their contact."""
        everywhere = Q(offer__municipality__in=access.municipalities_all(permission))
        return self.filter(everywhere | _at_offers_of(access.own(permission)))

    def at_own_offers_of(self, access: Access, permission: Permission) -> Self:
        """Of those, not the ones she reaches because the whole municipality is hers."""
        return self.filter(_at_offers_of(access.own(permission)))


class Assignment(Edited):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="assignments")
    offer = models.ForeignKey(Offer, on_delete=models.PROTECT, related_name="assignments")
    # What she does there, when it is more than being with: «kjører», «leder turen».
    task = models.CharField(_("oppgave"), max_length=100, blank=True)
    state = models.CharField(
        _("status"), max_length=10, choices=AssignmentState, default=AssignmentState.INTERESTED
    )
    starts_on = models.DateField(_("fra"), null=True, blank=True)
    ended_on = models.DateField(_("til"), null=True, blank=True)
    # «Jeg kommer hver gang»: she has a place at each time without saying so anew.
    every_time = models.BooleanField(_("kommer hver gang"), default=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AssignmentQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppdrag")
        verbose_name_plural = _("oppdrag")
        ordering = ("volunteer", "pk")
        constraints = (
            models.UniqueConstraint(
                name="assignment_once",
                fields=("volunteer", "offer"),
                condition=Q(state__in=OPEN),
                violation_error_message=_("Den frivillige er allerede med her."),
            ),
            models.CheckConstraint(
                name="assignment_ended_has_day",
                condition=Q(state__in=("ended", "declined"), ended_on__isnull=False)
                | (~Q(state__in=("ended", "declined")) & Q(ended_on=None)),
            ),
        )
        indexes = (
            models.Index(fields=("offer", "state"), name="assignment_by_offer"),
            models.Index(
                fields=("offer",), name="assignment_every_time", condition=Q(every_time=True, state="active")
            ),
        )

    def __str__(self) -> str:
        return f"Assignment {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class VolunteerShare(models.Model):
    """Her own yes, or her controller's, to being known by name at one offer or in one partnership."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.ForeignKey(Volunteer, on_delete=models.CASCADE, related_name="shares")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, null=True, blank=True, related_name="+")
    partnership = models.ForeignKey(
        "partnerships.Partnership", on_delete=models.CASCADE, null=True, blank=True, related_name="+"
    )
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # She herself; otherwise her controller, who has told her.
    by_herself = models.BooleanField(default=False)
    at = models.DateTimeField(_("delt"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ikke delt lenger"), null=True, blank=True)

    class Meta:
        verbose_name = _("delt frivillig")
        verbose_name_plural = _("delte frivillige")
        constraints = (
            models.CheckConstraint(
                name="volunteer_share_of_one",
                condition=Q(offer=None, partnership__isnull=False) | Q(offer__isnull=False, partnership=None),
            ),
            models.UniqueConstraint(
                name="volunteer_share_once",
                fields=("volunteer", "offer", "partnership"),
                condition=Q(ended_at=None),
                nulls_distinct=False,
            ),
        )

    def __str__(self) -> str:
        return f"VolunteerShare {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()


class OfferCrew(Edited):
    """How the volunteers of an offer are kept track of; an offer without this row keeps none."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.OneToOneField(Offer, on_delete=models.CASCADE, related_name="crew")
    # How many are needed each time, and how many there is room for; empty is no limit.
    needed = models.PositiveSmallIntegerField(_("trenger minst"), null=True, blank=True)
    places = models.PositiveSmallIntegerField(_("plass til"), null=True, blank=True)
    asks_day_before = models.BooleanField(_("spør «kan du fortsatt?» dagen før"), default=True)
    counts_hours = models.BooleanField(_("regner timer ut fra oppmøtet"), default=True)
    # Where they organise themselves in another app: then the portal only shows the way there.
    outside_url = models.URLField(_("lenke til appen dere bruker"), max_length=400, blank=True)

    objects = OfOffer.as_manager()

    class Meta:
        verbose_name = _("frivillige ved tilbudet")
        verbose_name_plural = _("frivillige ved tilbudet")
        constraints = (
            models.CheckConstraint(
                name="offer_crew_room_for_the_needed",
                condition=Q(needed=None) | Q(places=None) | Q(places__gte=F("needed")),
                violation_error_message=_("Det må være plass til så mange som trengs."),
            ),
        )

    def __str__(self) -> str:
        return f"OfferCrew {self.pk}"

    def owned_by(self) -> Own:
        return self.offer.owned_by()


class OpeningQuerySet(OfOffer):
    def public(self) -> Self:
        """What anybody may see: open, of an offer that runs or will."""
        return self.filter(
            Q(closes_on=None) | Q(closes_on__gte=timezone.localdate()), closed_at=None
        ).exclude(offer__state=OfferState.ENDED)


class Opening(Edited):
    """Here somebody is looked for: shown to everybody on the public pages, until it is closed."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    offer = models.ForeignKey(Offer, on_delete=models.CASCADE, related_name="openings")
    title = models.CharField(_("hva du kan gjøre"), max_length=120)
    about = models.TextField(_("litt mer om det"), max_length=1000, blank=True)
    how_much = models.CharField(_("hvor mye"), max_length=9, choices=HowMuch, default=HowMuch.SOMETIMES)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language),
        verbose_name=_("språk som trengs"),
        default=list,
        blank=True,
    )
    wanted = models.PositiveSmallIntegerField(_("hvor mange"), default=1)
    # Whoever is under eighteen may come too, with her guardian's yes.
    for_young = models.BooleanField(_("passer for unge under 18"), default=False)
    # At once where the task check is light; otherwise interest is registered and somebody rings.
    at_once = models.BooleanField(_("kan begynne uten samtale"), default=False)
    opened_at = models.DateTimeField(_("lagt ut"), auto_now_add=True)
    closes_on = models.DateField(_("frist"), null=True, blank=True)
    closed_at = models.DateTimeField(_("tatt ned"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")

    objects = OpeningQuerySet.as_manager()

    class Meta:
        verbose_name = _("oppdrag som søker folk")
        verbose_name_plural = _("oppdrag som søker folk")
        ordering = ("-opened_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="opening_wants_somebody",
                condition=Q(wanted__gte=1),
                violation_error_message=_("Skriv hvor mange dere trenger."),
            ),
        )
        indexes = (models.Index(fields=("municipality",), name="opening_open", condition=Q(closed_at=None)),)

    def __str__(self) -> str:
        return self.title

    def owned_by(self) -> Own:
        return self.offer.owned_by()


def offers_reached(user: User, permission: Permission) -> "models.QuerySet[Offer]":
    """Offers whose volunteers the permission reaches."""
    access = access_of(user)
    own = access.own(permission)
    reached = (
        Q(municipality__in=access.municipalities_all(permission))
        | Q(unit__in=own.unit_ids)
        | Q(centre__in=own.centre_ids)
        | Q(organisation__in=own.organisation_ids)
    )
    for person, unit in sorted(own.contact_at):
        reached |= Q(contact=person, unit=unit)
    return Offer.objects.filter(reached)
