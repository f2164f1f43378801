"""A spreadsheet of volunteers on its way in."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from partnerships.access import Own
from partnerships.models import Organisation, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.core.models import Municipality


class VolunteerImport(models.Model):
    """A spreadsheet of volunteers: looked at first, saved as one, undone as one."""

    municipality = models.ForeignKey(Municipality, on_delete=models.PROTECT, related_name="+")
    # Whose volunteers they become.
    centre = models.ForeignKey(
        VolunteerCentre, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    file_name = models.CharField(_("filen"), max_length=150)
    # What was in it, until it is saved or its days are over; what each column is.
    file = models.ForeignKey(
        "core.StoredFile", on_delete=models.SET_NULL, null=True, blank=True, related_name="+"
    )
    columns = models.JSONField(_("kolonner"), default=dict, blank=True)
    rows = models.PositiveIntegerField(_("rader"), default=0)
    done = models.PositiveIntegerField(_("ferdige rader"), default=0)
    made_count = models.PositiveIntegerField(_("nye"), default=0)
    left_count = models.PositiveIntegerField(_("lot ligge"), default=0)
    by = models.ForeignKey(User, on_delete=models.SET_NULL, null=True, related_name="+")
    at = models.DateTimeField(_("lest inn"), auto_now_add=True)
    asked_at = models.DateTimeField(_("bedt om å lagre"), null=True, blank=True)
    saved_at = models.DateTimeField(_("lagret"), null=True, blank=True)
    undone_at = models.DateTimeField(_("angret"), null=True, blank=True)

    class Meta:
        verbose_name = _("import av frivillige")
        verbose_name_plural = _("importer av frivillige")
        ordering = ("-at",)
        constraints = (
            models.CheckConstraint(
                name="volunteer_import_undone_was_saved",
                condition=Q(undone_at=None) | Q(saved_at__isnull=False),
            ),
            models.CheckConstraint(
                name="volunteer_import_for_one",
                condition=Q(centre=None) | Q(organisation=None),
            ),
        )

    def __str__(self) -> str:
        return f"VolunteerImport {self.pk}"

    def owned_by(self) -> Own:
        return Own(
            centre_ids=frozenset({self.centre_id} if self.centre_id else ()),
            organisation_ids=frozenset({self.organisation_id} if self.organisation_id else ()),
        )
