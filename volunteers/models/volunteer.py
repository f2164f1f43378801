"""A volunteer: a person with a controller, what she wants, and where she is on the way."""

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models import Organisation, Person, Unit, VolunteerCentre
from partnerships.models.actors import at_most_one_actor
from partnerships.models.areas import Area
from partnerships.models.edited import Edited
from partnerships.models.person import kept_with
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import new_nonce


class VolunteerState(models.TextChoices):
    """Where she is. What she must have, and where she takes part, are rows of their own."""

    INTERESTED = "interested", _("Har meldt interesse")
    STARTING = "starting", _("På vei inn")
    ACTIVE = "active", _("Med")
    PAUSED = "paused", _("Tar en pause")
    ENDED = "ended", _("Avsluttet")


class HowMuch(models.TextChoices):
    REGULAR = "regular", _("Fast")
    SOMETIMES = "sometimes", _("Av og til")
    ONCE = "once", _("Én gang")


class WhenFree(models.TextChoices):
    WEEKDAY = "weekday", _("Hverdager på dagtid")
    EVENING = "evening", _("Hverdagskvelder")
    WEEKEND = "weekend", _("Helger")


class Language(models.TextChoices):
    """Languages somebody may be glad to be met in. Those of the register of what is spoken most here."""

    NORWEGIAN = "no", _("norsk")
    ENGLISH = "en", _("engelsk")
    NORTH_SAMI = "se", _("nordsamisk")
    LULE_SAMI = "smj", _("lulesamisk")
    SOUTH_SAMI = "sma", _("sørsamisk")
    KVEN = "fkv", _("kvensk")
    SIGN = "nsl", _("norsk tegnspråk")
    POLISH = "pl", _("polsk")
    LITHUANIAN = "lt", _("litauisk")
    UKRAINIAN = "uk", _("ukrainsk")
    RUSSIAN = "ru", _("russisk")
    SOMALI = "so", _("somali")
    ARABIC = "ar", _("arabisk")
    TIGRINYA = "ti", _("tigrinja")
    PERSIAN = "fa", _("persisk og dari")
    PASHTO = "ps", _("pashto")
    KURDISH = "ku", _("kurdisk")
    TURKISH = "tr", _("tyrkisk")
    URDU = "ur", _("urdu")
    THAI = "th", _("thai")
    VIETNAMESE = "vi", _("vietnamesisk")
    TAMIL = "ta", _("tamil")
    TAGALOG = "tl", _("filippinsk")
    SPANISH = "es", _("spansk")
    FRENCH = "fr", _("fransk")
    GERMAN = "de", _("tysk")


class CameBy(models.TextChoices):
    PUBLIC = "public", _("Meldte seg på nettsiden")
    STAFF = "staff", _("Lagt inn av noen her")
    IMPORT = "import", _("Hentet fra regneark")
    ORGANISATION = "organisation", _("Kom med en organisasjon")


class LeavingReason(models.TextChoices):
    """Chosen from a list, so that nobody writes why in words that should not be kept."""

    DONE = "done", _("Ferdig med det som var avtalt")
    TIME = "time", _("Har ikke tid nå")
    MOVED = "moved", _("Har flyttet")
    TASK = "task", _("Oppdraget passet ikke")
    FOLLOW_UP = "follow_up", _("Savnet oppfølging")
    NOT_TAKEN = "not_taken", _("Ble ikke aktuelt")
    OTHER = "other", _("Noe annet, eller vil ikke si det")


def seen_by(user: User | AnonymousUser, permission: Permission) -> Q:
    """Whom somebody who is signed in may know, as `VolunteerQuerySet.visible_to` says."""
    from volunteers.models.assignment import Assignment, VolunteerShare

    access = access_of(user)
    own = access.own(permission)
    municipal = Q(person__controller_organisation=None, person__controller_centre=None)
    there = Assignment.objects.there()
    # Whoever has the whole municipality knows its own already: a long list does not ask where each one is.
    at_own_offers = there.at_own_offers_of(access, permission).at_municipal_offers()
    # Shares are few: asked for first, so that a long list asks each volunteer only whether she is one.
    shared_there = there.at_offers_of(access, permission).filter(
        Q(offer=OuterRef("offer")) | Q(offer__partnership=OuterRef("partnership")),
        volunteer=OuterRef("volunteer"),
    )
    shared = VolunteerShare.objects.filter(Exists(shared_there), ended_at=None).values("volunteer")
    return (
        Q(person__user=user)
        | kept_with(user, permission, "person__")
        | Q(centre__in=own.centre_ids)
        | Q(organisation__in=own.organisation_ids)
        | Q(pk__in=shared)
        | (municipal & (Q(unit__in=own.unit_ids) | Q(Exists(at_own_offers.filter(volunteer=OuterRef("pk"))))))
    )


class VolunteerQuerySet(models.QuerySet["Volunteer"]):
    def visible_to(
        self, user: User | AnonymousUser, permission: Permission = Permission.VOLUNTEER_NAMES
    ) -> Self:
        """Herself; who keeps her; and those who lead a place where she is, as far as her controller's wall.

        At an offer of somebody else's she is a number until she or her controller has shared her there.
        """
        if not user.is_authenticated:
            return self.none()
        return self.filter(seen_by(user, permission), person__erased_at=None)

    def unknown_to(
        self, user: User | AnonymousUser, permission: Permission = Permission.VOLUNTEER_NAMES
    ) -> Self:
        """Those who are numbers to her."""
        return self.exclude(seen_by(user, permission)).filter(person__erased_at=None)

    def kept_by(self, user: User | AnonymousUser, permission: Permission) -> Self:
        """Those whom the user's own controller keeps: what is done with them is hers to do. A municipal
        centre's are the municipality's, and its leader looks after them."""
        if not user.is_authenticated:
            return self.none()
        municipal = Q(person__controller_organisation=None, person__controller_centre=None)
        own = access_of(user).own(permission)
        return self.filter(
            kept_with(user, permission, "person__") | (municipal & Q(centre__in=own.centre_ids)),
            person__erased_at=None,
        )

    def here(self) -> Self:
        """Those who are on the way in, with us, or pausing."""
        return self.exclude(state=VolunteerState.ENDED)


class Volunteer(Edited):
    """One for each person and controller; the person's row has her name and how to reach her."""

    personal_fields: ClassVar[tuple[str, ...]] = ("interests_words", "motive", "area_words")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    person = models.OneToOneField(Person, on_delete=models.PROTECT, related_name="volunteer")
    # Where she belongs; none of them is the municipality's own, wherever it needs her.
    unit = models.ForeignKey(
        Unit,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteers",
        verbose_name=_("enhet"),
    )
    centre = models.ForeignKey(
        VolunteerCentre,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteers",
        verbose_name=_("frivilligsentral"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="volunteers",
        verbose_name=_("organisasjon"),
    )
    state = models.CharField(
        _("status"), max_length=10, choices=VolunteerState, default=VolunteerState.INTERESTED
    )
    state_since = models.DateField(_("siden"))
    paused_until = models.DateField(_("tilbake igjen"), null=True, blank=True)
    ended_on = models.DateField(_("avsluttet"), null=True, blank=True)
    leaving_reason = models.CharField(_("hvorfor"), max_length=9, choices=LeavingReason, blank=True)
    languages = ArrayField(
        models.CharField(max_length=3, choices=Language),
        verbose_name=_("språk"),
        default=list,
        blank=True,
    )
    interests = ArrayField(
        models.CharField(max_length=20, choices=Area),
        verbose_name=_("vil gjerne være med på"),
        default=list,
        blank=True,
    )
    interests_words = models.CharField(_("noe annet du vil eller kan"), max_length=300, blank=True)
    motive = models.CharField(_("hvorfor du vil være med, med egne ord"), max_length=500, blank=True)
    how_much = models.CharField(_("hvor mye"), max_length=9, choices=HowMuch, blank=True)
    free = ArrayField(
        models.CharField(max_length=7, choices=WhenFree),
        verbose_name=_("når det passer"),
        default=list,
        blank=True,
    )
    area_words = models.CharField(_("hvor det passer"), max_length=120, blank=True)
    # Low-key volunteers are asked little of: the care that comes by itself is chosen by this.
    one_to_one = models.BooleanField(_("har oppdrag alene med én person"), default=False)
    # The day she comes of age; empty for grown-ups. Not a date of birth: it is emptied when it has passed.
    adult_from = models.DateField(_("fyller 18"), null=True, blank=True)
    came_by = models.CharField(_("hvordan det begynte"), max_length=12, choices=CameBy, default=CameBy.STAFF)
    # Who follows her up.
    followed_by = models.ForeignKey(
        User,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("følges opp av"),
    )
    # When somebody here told her of her own page; she comes in with a code to an address we have.
    page_told_at = models.DateTimeField(_("fikk vite om Min side"), null=True, blank=True)
    # The answer she was promised, until she has had it.
    reply_by = models.DateField(_("svar innen"), null=True, blank=True)
    imported_in = models.ForeignKey(
        "volunteers.VolunteerImport", on_delete=models.SET_NULL, null=True, blank=True, related_name="made"
    )
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    created_at = models.DateTimeField(_("lagt inn"), auto_now_add=True)

    objects = VolunteerQuerySet.as_manager()

    class Meta:
        verbose_name = _("frivillig")
        verbose_name_plural = _("frivillige")
        ordering = ("person__name_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="volunteer_belongs_to_one",
                condition=at_most_one_actor(),
                violation_error_message=_("En frivillig hører til ett sted."),
            ),
            models.CheckConstraint(
                name="volunteer_ended_has_day",
                condition=Q(state="ended", ended_on__isnull=False) | (~Q(state="ended") & Q(ended_on=None)),
                violation_error_message=_("Skriv hvilken dag det tok slutt."),
            ),
            models.CheckConstraint(
                name="volunteer_left_for_a_reason",
                condition=Q(leaving_reason="") | Q(state="ended"),
            ),
            models.CheckConstraint(
                name="volunteer_until_only_on_pause",
                condition=Q(paused_until=None) | Q(state="paused"),
                violation_error_message=_("Bare den som tar en pause, har en dag for å komme tilbake."),
            ),
        )
        indexes = (
            models.Index(fields=("municipality", "state"), name="volunteer_by_state"),
            models.Index(
                fields=("municipality", "reply_by"),
                name="volunteer_to_answer",
                condition=Q(reply_by__isnull=False),
            ),
            models.Index(fields=("unit",), name="volunteer_of_unit", condition=Q(unit__isnull=False)),
        )

    def __str__(self) -> str:
        return f"Volunteer {self.pk}"

    def owned_by(self) -> Own:
        """Where she belongs and who keeps her, and the offers where she is known by name."""
        from volunteers.models.assignment import Assignment

        person = self.person
        units = {self.unit_id}
        centres = {self.centre_id, person.controller_centre_id}
        organisations = {self.organisation_id, person.controller_organisation_id}
        contact_at: set[tuple[int, int]] = set()
        for assignment in Assignment.objects.known_at_offer().filter(volunteer=self).select_related("offer"):
            offer = assignment.offer
            units.add(offer.unit_id)
            centres.add(offer.centre_id)
            organisations.add(offer.organisation_id)
            if offer.contact_id and offer.unit_id:
                contact_at.add((offer.contact_id, offer.unit_id))
        return Own(
            unit_ids=frozenset(pk for pk in units if pk),
            centre_ids=frozenset(pk for pk in centres if pk),
            organisation_ids=frozenset(pk for pk in organisations if pk),
            contact_at=frozenset(contact_at),
        )


class OfVolunteer(models.QuerySet[Any]):
    """Rows of a volunteer are seen by those who may know who she is."""

    def visible_to(self, user: User | AnonymousUser) -> Self:
        return self.filter(volunteer__in=Volunteer.objects.visible_to(user))


class Guardian(models.Model):
    """Whoever says yes for somebody under eighteen. Gone when she comes of age."""

    personal_fields: ClassVar[tuple[str, ...]] = ("name", "email", "phone")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    volunteer = models.OneToOneField(Volunteer, on_delete=models.CASCADE, related_name="guardian")
    name = models.CharField(_("foresattes navn"), max_length=120)
    email = models.EmailField(_("e-post"), blank=True)
    phone = models.CharField(_("telefon"), max_length=20, blank=True)
    asked_at = models.DateTimeField(_("spurt"), null=True, blank=True)
    consented_at = models.DateTimeField(_("sagt ja"), null=True, blank=True)
    declined_at = models.DateTimeField(_("sagt nei"), null=True, blank=True)
    # Empty: by herself, with the code she was sent. Otherwise who noted what she said or signed.
    noted_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, blank=True, related_name="+")
    # What the link in the message to her is made of.
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)

    objects = OfVolunteer.as_manager()

    class Meta:
        verbose_name = _("foresatt")
        verbose_name_plural = _("foresatte")
        constraints = (
            models.CheckConstraint(
                name="guardian_can_be_reached",
                condition=~Q(email="") | ~Q(phone=""),
                violation_error_message=_("Skriv en e-postadresse eller et telefonnummer."),
            ),
            models.CheckConstraint(
                name="guardian_says_one_thing",
                condition=Q(consented_at=None) | Q(declined_at=None),
                violation_error_message=_("En foresatt sier ja eller nei, ikke begge deler."),
            ),
        )

    def __str__(self) -> str:
        return f"Guardian {self.pk}"

    def owned_by(self) -> Own:
        return self.volunteer.owned_by()
