"""Level 1 of a municipality: what it and the voluntary sector want together, and who decided it."""

from typing import Self

from django.contrib.auth.models import AnonymousUser
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own, access_of
from partnerships.models.actors import Organisation, VolunteerCentre
from partnerships.models.edited import Edited
from samskaping.accounts.models import User
from samskaping.accounts.permissions import Permission
from samskaping.core.models import Municipality, StoredFile


class StrategyState(models.TextChoices):
    DRAFT = "draft", _("Under arbeid")
    PROPOSED = "proposed", _("Til bekreftelse")
    IN_FORCE = "in_force", _("Gjelder")
    REPLACED = "replaced", _("Erstattet")
    ENDED = "ended", _("Avsluttet")
    # A draft that came to nothing: nobody else was asked, and nobody else reads it.
    DROPPED = "dropped", _("Lagt bort")


NOT_SENT = (StrategyState.DRAFT, StrategyState.DROPPED)


class StrategyQuerySet(models.QuerySet["Strategy"]):
    def visible_to(self, user: User | AnonymousUser) -> Self:
        """Everybody who works there; what nobody was asked about yet is read by those who may propose."""
        access = access_of(user)
        read = access.municipalities_with(Permission.STRATEGY_READ)
        propose = access.municipalities_with(Permission.STRATEGY_PROPOSE)
        return self.filter(Q(municipality__in=read) & ~Q(state__in=NOT_SENT) | Q(municipality__in=propose))


class Strategy(Edited):
    """One version of a strategy or plan. The next version is a new row that replaces this one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    title = models.CharField(_("navn"), max_length=150)
    number = models.PositiveIntegerField(_("versjon"), default=1)
    replaces = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="replaced_by"
    )
    state = models.CharField(_("status"), max_length=8, choices=StrategyState, default=StrategyState.DRAFT)
    summary = models.TextField(_("kort fortalt"), max_length=2000, blank=True)
    document = models.ForeignKey(
        StoredFile,
        on_delete=models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("dokument"),
    )
    document_url = models.URLField(_("lenke til dokumentet"), blank=True)
    # The political decision, and the administrative one: either may be missing, neither is a formality.
    body = models.CharField(_("vedtatt av"), max_length=100, blank=True)
    case_number = models.CharField(_("saksnummer"), max_length=40, blank=True)
    decided_on = models.DateField(_("vedtatt"), null=True, blank=True)
    administrative_decision = models.CharField(_("administrativ beslutning"), max_length=200, blank=True)
    administrative_on = models.DateField(_("besluttet"), null=True, blank=True)
    valid_from = models.DateField(_("gjelder fra"), null=True, blank=True)
    valid_to = models.DateField(_("gjelder til"), null=True, blank=True)
    revise_by = models.DateField(_("ses over innen"), null=True, blank=True)
    # When it was sent round, or got other words: what was answered before that, was about something else.
    words_at = models.DateTimeField(default=timezone.now, editable=False)
    created_by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)

    objects = StrategyQuerySet.as_manager()

    class Meta:
        verbose_name = _("frivilligstrategi")
        verbose_name_plural = _("frivilligstrategier")
        ordering = ("-valid_from", "-pk")
        constraints = (
            models.CheckConstraint(
                name="strategy_dates_in_order",
                condition=Q(valid_to=None) | Q(valid_from=None) | Q(valid_to__gte=F("valid_from")),
                violation_error_message=_("Sluttdatoen må komme etter startdatoen."),
            ),
            models.CheckConstraint(
                name="strategy_in_force_was_decided",
                condition=~Q(state="in_force")
                | Q(decided_on__isnull=False)
                | Q(administrative_on__isnull=False),
                violation_error_message=_("Skriv når strategien ble vedtatt eller besluttet."),
            ),
        )
        indexes = (
            models.Index(
                fields=("municipality", "revise_by"), name="strategy_to_revise", condition=Q(state="in_force")
            ),
        )

    def __str__(self) -> str:
        return self.title

    def owned_by(self) -> Own:
        return Own()


class StrategyPoint(models.Model):
    """One thing the strategy says will be done: what a partnership's frame points to."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="points")
    order = models.PositiveSmallIntegerField(_("nummer"))
    text = models.CharField(_("punkt"), max_length=300)

    class Meta:
        verbose_name = _("punkt i strategien")
        verbose_name_plural = _("punkter i strategien")
        ordering = ("strategy", "order")
        constraints = (
            models.UniqueConstraint(
                name="strategy_point_once",
                fields=("strategy", "order"),
                deferrable=models.Deferrable.DEFERRED,
                violation_error_message=_("Punktet finnes allerede."),
            ),
        )

    def __str__(self) -> str:
        return self.text


class StrategyStanceQuerySet(models.QuerySet["StrategyStance"]):
    def of_these_words(self) -> Self:
        return self.filter(at__gte=F("strategy__words_at"))

    def to_read(self) -> Self:
        """A yes was to the words as they stood. What a side wishes is read until it answers anew."""
        return self.exclude(stance=Stance.CONFIRMED, at__lt=F("strategy__words_at"))


class Stance(models.TextChoices):
    CONFIRMED = "confirmed", _("Bekreftet")
    WISHES_CHANGE = "wishes_change", _("Ønsker endring")


class StrategyStance(models.Model):
    """What one side says to what is proposed: the municipality (no actor), a centre or an organisation."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    strategy = models.ForeignKey(Strategy, on_delete=models.CASCADE, related_name="stances")
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    stance = models.CharField(_("svar"), max_length=14, choices=Stance)
    words = models.TextField(_("hva vi ønsker"), max_length=1000, blank=True)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("tid"), auto_now=True)

    objects = StrategyStanceQuerySet.as_manager()

    class Meta:
        verbose_name = _("svar på strategien")
        verbose_name_plural = _("svar på strategien")
        ordering = ("at",)
        constraints = (
            models.CheckConstraint(
                name="strategy_stance_of_one_side",
                condition=Q(centre=None) | Q(organisation=None),
                violation_error_message=_("Svaret er fra én side."),
            ),
            models.UniqueConstraint(
                name="strategy_stance_once_per_side",
                fields=("strategy", "centre", "organisation"),
                nulls_distinct=False,
                violation_error_message=_("Denne siden har svart."),
            ),
            models.CheckConstraint(
                name="strategy_stance_change_has_words",
                condition=Q(stance="confirmed") | ~Q(words=""),
                violation_error_message=_("Skriv hva dere ønsker endret."),
            ),
        )

    def __str__(self) -> str:
        return f"StrategyStance {self.pk}"
