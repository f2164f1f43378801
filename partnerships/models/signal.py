"""«Spørsmål eller endringsønske»: travels 3 → 2 → 1 and back, and is answered.

Not a channel for varsling, avvik or bekymringsmelding: the page for those only points to the right place.
"""

from functools import reduce
from operator import or_
from typing import Any, ClassVar, Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, Unit, VolunteerCentre, at_most_one_actor
from partnerships.models.areas import Level
from partnerships.models.partnership import Partnership, PartnershipParty
from partnerships.models.person import Person
from partnerships.models.reach import (
    Ways,
    among,
    keys_beside_towns,
    of_town,
    reached,
    union_of,
    ways,
    ways_to_work_in,
)
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality
from samskaping.core.written import Given


class SignalKind(models.TextChoices):
    QUESTION = "question", _("Spørsmål")
    CHANGE = "change", _("Endringsønske")
    DECISION = "decision", _("Beslutning")  # down again


class SignalState(models.TextChoices):
    NEW = "new", _("Ny")
    SEEN = "seen", _("Sett")
    ANSWERED = "answered", _("Besvart")
    CLOSED = "closed", _("Lukket")


def ways_to_see(user: User) -> Ways:
    access = access_of(user)
    own = access.own(Permission.SIGNAL_ANSWER)
    return {
        **ways_to_work_in(user),
        **ways(
            user=user.pk,
            # Whoever no longer works there has no questions to answer there.
            receives_in=access.municipality_ids,
            answers_for_units=own.unit_ids,
            answers_for_centres=own.centre_ids,
            answers_for_organisations=own.organisation_ids,
        ),
    }


def _keys_beside_towns(having: frozenset[str]) -> "models.QuerySet[Any, Any]":
    """What she raised, what is to her or to her side, and what is about a partnership of hers."""
    found = [Q(raised_by__user=Given("user"))]
    if "receives_in" in having:
        found.append(Q(receiver__user=Given("user"), receiver__municipality__in=Given("receives_in")))
    sides = {
        "unit": "answers_for_units",
        "centre": "answers_for_centres",
        "organisation": "answers_for_organisations",
    }
    hers = [Q(**{f"{side}__in": Given(way)}) for side, way in sides.items() if way in having]
    if hers:
        found.append(reduce(or_, hers))
    found.append(Q(partnership__among=keys_beside_towns(having)))
    return union_of(*(Signal.objects.filter(way).values("pk") for way in found))


class SignalQuerySet(models.QuerySet["Signal"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """With the partnership it is about; else whoever raised it, whom it is to, and who answers there."""
        if not user.is_authenticated:
            return self.none()
        answers_in = access_of(user).municipalities_all(Permission.SIGNAL_ANSWER)
        return self.filter(
            Q(municipality__in=answers_in)
            | Q(of_town(user, beside=answers_in), partnership__isnull=False)
            | among("pk", reached(_keys_beside_towns, ways_to_see(user)))
        )

    def unanswered(self) -> Self:
        """What somebody waits for an answer to; a decision on its way down asks for none."""
        return self.filter(state__in=(SignalState.NEW, SignalState.SEEN)).exclude(kind=SignalKind.DECISION)


class Signal(models.Model):
    """One question with one answer. Unanswered it climbs; a follow-up is a new one that names this."""

    personal_fields: ClassVar[tuple[str, ...]] = ("subject", "text", "answer")

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    partnership = models.ForeignKey(
        Partnership, on_delete=models.CASCADE, null=True, blank=True, related_name="signals"
    )
    kind = models.CharField(_("slag"), max_length=8, choices=SignalKind, default=SignalKind.QUESTION)
    subject = models.CharField(_("emne"), max_length=150)
    text = models.TextField(_("spørsmål"), max_length=3000)
    from_level = models.PositiveSmallIntegerField(_("fra nivå"), choices=Level)
    to_level = models.PositiveSmallIntegerField(_("til nivå"), choices=Level)
    # To one side instead of a level: at most one of these.
    unit = models.ForeignKey(Unit, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    # Who is to answer, as the map suggests. Nobody: whoever answers for that side or level.
    receiver = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signals_received",
        verbose_name=_("mottaker av spørsmålet"),
    )
    due_on = models.DateField(_("svar innen"), null=True, blank=True)
    state = models.CharField(_("status"), max_length=8, choices=SignalState, default=SignalState.NEW)
    # The person who asks, also one without an account: the trace says who wrote it for her.
    raised_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        related_name="signals_raised",
        verbose_name=_("stilt av"),
    )
    # The side she speaks for, in a partnership.
    raised_for = models.ForeignKey(
        PartnershipParty, on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    raised_at = models.DateTimeField(_("stilt"), auto_now_add=True)
    seen_at = models.DateTimeField(_("sett"), null=True, blank=True)
    answer = models.TextField(_("svar"), max_length=3000, blank=True)
    answered_by = models.ForeignKey(
        Person,
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="signals_answered",
        verbose_name=_("besvart av"),
    )
    answered_at = models.DateTimeField(_("besvart"), null=True, blank=True)
    closed_at = models.DateTimeField(_("lukket"), null=True, blank=True)
    # How many times it has climbed unanswered, and when it last did.
    climbed = models.PositiveSmallIntegerField(_("løftet"), default=0)
    climbed_at = models.DateTimeField(null=True, blank=True)
    follows = models.ForeignKey(
        "self", on_delete=models.SET_NULL, null=True, blank=True, related_name="followed_by"
    )

    objects = SignalQuerySet.as_manager()

    class Meta:
        verbose_name = _("spørsmål")
        verbose_name_plural = _("spørsmål og svar")
        ordering = ("-raised_at", "-pk")
        constraints = (
            models.CheckConstraint(
                name="signal_answer_has_words",
                condition=Q(answered_at=None, answer="") | Q(answered_at__isnull=False) & ~Q(answer=""),
                violation_error_message=_("Et svar må ha en tekst."),
            ),
            # A question its sender takes back is closed without an answer.
            models.CheckConstraint(
                name="signal_state_has_its_time",
                condition=Q(state="new", seen_at=None, answered_at=None, closed_at=None)
                | Q(state="seen", seen_at__isnull=False, answered_at=None, closed_at=None)
                | Q(state="answered", answered_at__isnull=False, closed_at=None)
                | Q(state="closed", closed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_climbed_has_time",
                condition=Q(climbed=0, climbed_at=None) | Q(climbed__gt=0, climbed_at__isnull=False),
            ),
            models.CheckConstraint(
                name="signal_question_has_due_day",
                condition=Q(kind="decision", due_on=None) | ~Q(kind="decision") & Q(due_on__isnull=False),
                violation_error_message=_("Skriv når dere trenger svaret."),
            ),
            models.CheckConstraint(
                name="signal_to_one_side",
                condition=at_most_one_actor(),
                violation_error_message=_("Spørsmålet går til én side."),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "due_on"),
                name="signal_unanswered",
                condition=Q(state__in=("new", "seen")) & ~Q(kind="decision"),
            ),
            models.Index(fields=("receiver", "due_on"), name="signal_by_receiver"),
            models.Index(fields=("partnership", "-raised_at"), name="signal_by_partnership"),
        )

    def __str__(self) -> str:
        return f"Signal {self.pk}"

    def owned_by(self) -> Own:
        """The side it is to; to a level of a partnership, all of its parties."""
        if self.partnership is not None and not (self.unit_id or self.centre_id or self.organisation_id):
            return self.partnership.owned_by()
        return Own(
            unit_ids=frozenset({self.unit_id} if self.unit_id else ()),
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )
