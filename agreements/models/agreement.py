"""An agreement: registered when it was signed elsewhere, or drafted, signed and sealed here.

What it says while it is written is in draft.py, who signs it and how in envelope.py and signature.py, and
what was locked in seal.py.
"""

from datetime import date, timedelta
from typing import Any, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Exists, ExpressionWrapper, F, OuterRef, Q
from django.db.models.functions import Greatest
from django.utils.translation import gettext_lazy as _

from partnerships.access import Access, Own, access_of
from partnerships.models import Organisation, Partnership, Person, Unit, VolunteerCentre
from partnerships.models.actors import one_actor, with_key
from partnerships.models.edited import Edited
from partnerships.models.reach import among, beside_towns, of_town, ways_to_work_in
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import ContentTemplate, Municipality, StoredFile
from samskaping.core.text import sort_key


class AgreementKind(models.TextChoices):
    COOPERATION = "cooperation", _("Samarbeidsavtale")
    COOPERATION_LIGHT = "cooperation_light", _("Samarbeidsavtale på én side")
    VOLUNTEER = "volunteer", _("Avtale med frivillig")
    CONFIDENTIALITY = "confidentiality", _("Taushetserklæring")
    INTENT = "intent", _("Intensjonsavtale")


# With one person, who is named by it: seen by those who keep her data, not by all who may draft.
PERSONAL_KINDS = (AgreementKind.VOLUNTEER, AgreementKind.CONFIDENTIALITY)


class AgreementOrigin(models.TextChoices):
    REGISTERED = "registered", _("Registrert: signert utenfor portalen")
    PORTAL = "portal", _("Laget her")


class AgreementState(models.TextChoices):
    DRAFT = "draft", _("Utkast")
    SENT = "sent", _("Sendt til signering")
    ACTIVE = "active", _("Signert av alle")
    ENDED = "ended", _("Avsluttet")
    REPLACED = "replaced", _("Erstattet")
    DECLINED = "declined", _("Ikke signert")
    WITHDRAWN = "withdrawn", _("Trukket tilbake")


# Not signed by all.
NOT_YET = (AgreementState.DRAFT, AgreementState.SENT, AgreementState.DECLINED)
# It held, and is over before its time.
OVER = (AgreementState.ENDED, AgreementState.REPLACED, AgreementState.WITHDRAWN)


class AgreementQuerySet(models.QuerySet["Agreement"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """The whole municipality's for those who answer for it; else with one's own party or partnership."""
        if not user.is_authenticated:
            return self.none()
        access = access_of(user)
        everywhere = access.municipalities_all(Permission.AGREEMENT_DRAFT)
        # Of a partnership of one's own municipality, as the form offers no other.
        return self.filter(
            Q(municipality__in=everywhere)
            | Q(of_town(user, beside=everywhere), partnership__isnull=False)
            | among("partnership", beside_towns(ways_to_work_in(user)))
            | Q(pk__among=_parties_of(access).values("agreement")),
            self._not_anothers_volunteers(user),
            _shared_or_own(access),
        )

    @staticmethod
    def _not_anothers_volunteers(user: User) -> Q:
        """A volunteer's agreement is seen by whoever keeps her data and may know who the volunteers are, also
        when her profile is erased. One registered without her name in a field may say it in its title or its
        scan: it is for those who may know the volunteers of a party, and for whoever registered it."""
        access = access_of(user)
        kept = Person.objects.reached_by(user, Permission.VOLUNTEER_NAMES, also_erased=True)
        parties = AgreementParty.objects.filter(agreement=OuterRef("pk"))
        own = access.own(Permission.VOLUNTEER_NAMES)
        known: Any = Q(created_by=user) | Exists(
            parties.filter(
                Q(unit__in=own.unit_ids)
                | Q(unit__municipality__in=access.municipalities_all(Permission.VOLUNTEER_NAMES))
                | Q(centre__in=own.centre_ids)
                | Q(organisation__in=own.organisation_ids)
            )
        )
        unnamed: Q = ~Q(kind__in=PERSONAL_KINDS) | known
        return Q(person__in=kept) | Q(person=None) & unnamed

    def drafted_by(self, user: User) -> Self:
        """What the permission to draft reaches: of many, what `Access.covers` says of one."""
        access = access_of(user)
        everywhere = access.municipalities_all(Permission.AGREEMENT_DRAFT)
        own = Exists(_parties_of(access).filter(agreement=OuterRef("pk")))
        return self.filter(
            Q(municipality__in=everywhere) | own,
            self._not_anothers_volunteers(user),
            _shared_or_own(access),
        )

    def running(self) -> Self:
        """Signed by all and not over; one that has run out is still here until somebody ends or renews it."""
        return self.filter(state=AgreementState.ACTIVE)

    def holding(self, today: Any) -> Self:
        """The running ones, and those a signed renewal takes over for, until the day it does."""
        return self.filter(
            Q(state=AgreementState.ACTIVE) | Q(state=AgreementState.REPLACED, ended_on__gte=today)
        )

    def with_tell_on(self) -> Self:
        """`told_from`: the day the portal begins to say that it runs out; later when they asked for that."""
        days = ExpressionWrapper(F("ends_on") - F("notice_days"), output_field=models.DateField())
        return self.annotate(told_from=Greatest(days, "remind_on"))

    def with_parties(self) -> Self:
        return self.prefetch_related("parties__unit", "parties__centre", "parties__organisation")


def _parties_of(access: Access) -> "models.QuerySet[AgreementParty]":
    own = access.own(Permission.AGREEMENT_DRAFT)
    return AgreementParty.objects.filter(
        Q(unit__in=own.unit_ids) | Q(centre__in=own.centre_ids) | Q(organisation__in=own.organisation_ids)
    )


def _shared_or_own(access: Access) -> Q:
    """What one side still writes for itself is nobody else's: not the municipality's, when a club writes."""
    everywhere = access.municipalities_all(Permission.AGREEMENT_DRAFT)
    of_town = Q(side=None) | Q(side__unit__isnull=False)
    own = Q(side__in=_parties_of(access)) | of_town & Q(municipality__in=everywhere)
    return ~Q(state=AgreementState.DRAFT, shared_at=None) | own


class Agreement(Edited):
    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(
        _("slag"), max_length=17, choices=AgreementKind, default=AgreementKind.COOPERATION
    )
    origin = models.CharField(_("hvor den er fra"), max_length=10, choices=AgreementOrigin)
    state = models.CharField(_("status"), max_length=9, choices=AgreementState, default=AgreementState.ACTIVE)
    title = models.CharField(_("navn"), max_length=150)
    title_key = models.CharField(max_length=150, editable=False)
    partnership = models.ForeignKey(
        Partnership,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="agreements",
        verbose_name=_("samarbeid"),
    )
    # The one a personal agreement is with.
    person = models.ForeignKey(
        Person, on_delete=models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("person")
    )
    # The text it was drafted from, and the language it is written in.
    template = models.ForeignKey(
        ContentTemplate, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    language = models.CharField(_("språk i avtalen"), max_length=2, default="nb")
    # Who began it: until it is shared this side alone sees it, and writes freely; from then on others are
    # asked (draft.Suggestion). None is the municipality, where it is no party by a unit.
    side = models.ForeignKey(
        "AgreementParty", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    shared_at = models.DateTimeField(_("delt med partene"), null=True, blank=True)
    replaces = models.ForeignKey(
        "self",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="replaced_by",
        verbose_name=_("erstatter"),
    )
    # For the archive: the municipality's case, and why not everybody may read it.
    case_number = models.CharField(_("saksnummer"), max_length=40, blank=True)
    access_code = models.CharField(_("tilgangskode"), max_length=10, blank=True)
    legal_basis = models.CharField(_("hjemmel"), max_length=120, blank=True)
    # The scan of one that was signed elsewhere; what is signed here is in seal.py.
    file = models.ForeignKey(
        StoredFile,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("avtalen"),
    )
    signed_on = models.DateField(_("signert"), null=True, blank=True)
    starts_on = models.DateField(_("gjelder fra"), null=True, blank=True)
    ends_on = models.DateField(_("gjelder til"), null=True, blank=True)
    # So many days before the end the portal says so, once.
    notice_days = models.PositiveSmallIntegerField(_("varsle så mange dager før"), default=90)
    # «Minn meg om en uke»: nothing is said of its end before this day.
    remind_on = models.DateField(_("minn meg igjen"), null=True, blank=True)
    ended_on = models.DateField(_("avsluttet før tiden"), null=True, blank=True)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = AgreementQuerySet.as_manager()

    class Meta:
        verbose_name = _("avtale")
        verbose_name_plural = _("avtaler")
        ordering = ("ends_on", "title_key", "pk")
        constraints = (
            models.CheckConstraint(
                name="agreement_dates_in_order",
                condition=Q(starts_on=None) | Q(ends_on=None) | Q(ends_on__gte=F("starts_on")),
                violation_error_message=_("Sluttdatoen må komme etter startdatoen."),
            ),
            models.CheckConstraint(
                name="agreement_over_has_day",
                condition=Q(ended_on=None, state__in=("draft", "sent", "active", "declined"))
                | Q(ended_on__isnull=False, state__in=("ended", "replaced", "withdrawn")),
            ),
            models.CheckConstraint(
                name="agreement_personal_has_person",
                condition=Q(person=None) | Q(kind__in=("volunteer", "confidentiality")),
            ),
            models.CheckConstraint(
                name="agreement_registered_is_signed",
                condition=~Q(origin="registered") | ~Q(state__in=("draft", "sent", "declined")),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "ends_on"), name="agreement_running", condition=Q(state="active")
            ),
        )

    def __str__(self) -> str:
        return self.title

    def save(self, **kwargs: Any) -> None:
        self.title_key = sort_key(self.title)
        super().save(**with_key(kwargs, "title", "title_key"))

    def holds_until_replaced(self, today: date) -> bool:
        """All have signed its renewal, which has not begun yet."""
        until = self.ended_on
        return self.state == AgreementState.REPLACED and until is not None and until >= today

    @property
    def tell_on(self) -> date | None:
        if self.ends_on is None:
            return None
        day = self.ends_on - timedelta(days=self.notice_days)
        return max(day, self.remind_on) if self.remind_on else day

    def owned_by(self) -> Own:
        parties = list(self.parties.all())
        return Own(
            unit_ids=frozenset(p.unit_id for p in parties if p.unit_id),
            centre_ids=frozenset(p.centre_id for p in parties if p.centre_id),
            organisation_ids=frozenset(p.organisation_id for p in parties if p.organisation_id),
        )


class AgreementParty(models.Model):
    """A unit, a centre or an organisation; a club nobody has noted yet is added as one, by its name."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    agreement = models.ForeignKey(Agreement, on_delete=models.CASCADE, related_name="parties")
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        verbose_name = _("part i avtalen")
        verbose_name_plural = _("parter i avtalen")
        ordering = ("pk",)
        constraints = (
            models.CheckConstraint(
                name="agreement_party_is_one",
                condition=one_actor(),
                violation_error_message=_("En part er én enhet, én frivilligsentral eller én organisasjon."),
            ),
            models.UniqueConstraint(
                name="agreement_party_once",
                fields=("agreement", "unit", "centre", "organisation"),
                nulls_distinct=False,
                violation_error_message=_("Parten er allerede med."),
            ),
        )

    def __str__(self) -> str:
        return f"AgreementParty {self.pk}"

    @property
    def actor(self) -> Unit | VolunteerCentre | Organisation:
        found = self.unit or self.centre or self.organisation
        assert found is not None, "agreement_party_is_one holds"  # noqa: S101
        return found
