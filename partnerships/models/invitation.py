"""Asking somebody in. Accepting makes user, person and membership together (services/invitation.py)."""

from datetime import datetime
from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.codesign import CodesignProcess
from partnerships.models.membership import ROLE_CHOICES, Membership
from partnerships.models.person import Channel, Person
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.models.one_time_code import new_nonce


class InvitationQuerySet(models.QuerySet["Invitation"]):
    def open(self, now: datetime | None = None) -> Self:
        return self.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=now or timezone.now())

    def visible_to(self, user: User | AnonymousUser) -> Self:
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        own = access.own(Permission.MEMBER_MANAGE)
        return self.filter(
            Q(municipality__in=access.municipalities_all(Permission.MEMBER_MANAGE))
            | Q(unit__in=own.unit_ids)
            | Q(centre__in=own.centre_ids)
            | Q(organisation__in=own.organisation_ids)
        )


class Invitation(models.Model):
    """The link in the message only says which invitation it is; a fresh code says who opens it."""

    municipality = models.ForeignKey(
        Municipality, on_delete=models.PROTECT, related_name="+", verbose_name=_("kommune")
    )
    # Her row is there from the start: the name and address the inviter typed live where such data live.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, related_name="invitations", verbose_name=_("person")
    )
    role = models.CharField(_("rolle"), max_length=20, choices=ROLE_CHOICES)
    unit = models.ForeignKey(
        Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("enhet")
    )
    centre = models.ForeignKey(
        VolunteerCentre,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("frivilligsentral"),
    )
    organisation = models.ForeignKey(
        Organisation,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organisasjon"),
    )
    # A guest's: the one process she may read, and until when.
    process = models.ForeignKey(
        CodesignProcess,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("prosess"),
    )
    valid_to = models.DateField(_("rollen varer til"), null=True, blank=True)
    channel = models.CharField(
        _("sendes på"),
        max_length=6,
        choices=[(Channel.EMAIL.value, Channel.EMAIL.label), (Channel.SMS.value, Channel.SMS.label)],
        default=Channel.EMAIL,
    )
    nonce = models.CharField(max_length=32, default=new_nonce, editable=False)
    invited_by = models.ForeignKey(
        User, on_delete=models.SET_NULL, null=True, related_name="+", verbose_name=_("invitert av")
    )
    created_at = models.DateTimeField(_("invitert"), db_default=Now(), editable=False)
    expires_at = models.DateTimeField(_("gjelder til"))
    sent_count = models.PositiveSmallIntegerField(default=1)
    accepted_at = models.DateTimeField(_("takket ja"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("trukket tilbake"), null=True, blank=True)
    membership = models.OneToOneField(
        Membership, on_delete=models.SET_NULL, null=True, blank=True, related_name="invitation"
    )

    objects = InvitationQuerySet.as_manager()

    class Meta:
        verbose_name = _("invitasjon")
        verbose_name_plural = _("invitasjoner")
        ordering = ("-created_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="invitation_ends_one_way",
                condition=Q(accepted_at=None) | Q(withdrawn_at=None),
            ),
            models.UniqueConstraint(
                name="invitation_open_once",
                fields=("person", "role", "unit", "centre", "organisation", "process"),
                condition=Q(accepted_at=None, withdrawn_at=None),
                nulls_distinct=False,
                violation_error_message=_("Personen er allerede invitert til denne rollen."),
            ),
            models.CheckConstraint(
                name="invitation_of_guest_to_one_process",
                condition=Q(role="guest", process__isnull=False, valid_to__isnull=False)
                | (~Q(role="guest") & Q(process=None, valid_to=None)),
                violation_error_message=_("En gjest ser én prosess, til en dato."),
            ),
        )

    def __str__(self) -> str:
        return f"Invitation {self.pk}"

    def owned_by(self) -> Own:
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )

    @property
    def role_label(self) -> str:
        from partnerships.selectors.words import role_word

        return role_word(self.role, self.municipality)

    @property
    def is_out_of_date(self) -> bool:
        return self.expires_at <= timezone.now()

    @property
    def not_arrived(self) -> str:
        """In words, when the server or the supplier said that nobody is reached where it was sent."""
        if self.channel == Channel.SMS:
            return str(_("SMS-en kom ikke fram")) if self.person.phone_failed_at else ""
        return str(_("E-posten kom ikke fram")) if self.person.email_failed_at else ""

    @property
    def belongs_to(self) -> Unit | VolunteerCentre | Organisation | Municipality:
        return self.unit or self.centre or self.organisation or self.municipality

    @property
    def place_name(self) -> str:
        """For lists: the unit, centre or organisation, or that it is for all of the municipality."""
        place = self.unit or self.centre or self.organisation
        if place is None and self.process is not None:
            return self.process.title
        return place.name if place else str(_("Hele kommunen"))
