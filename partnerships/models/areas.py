"""What co-operation is about, and what volunteers are in it. Words of product.md § 4.1."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class Area(models.TextChoices):
    INCLUSION = "inclusion", _("Inkludering")
    ELDERLY = "elderly", _("Eldre")
    HEALTH = "health", _("Helse og omsorg")
    UPBRINGING = "upbringing", _("Barn og oppvekst")
    CULTURE = "culture", _("Kultur")
    MEETING_PLACES = "meeting_places", _("Møteplasser")
    LANGUAGE = "language", _("Språk og læring")
    OUTDOORS = "outdoors", _("Idrett og friluftsliv")
    TRANSPORT = "transport", _("Skyss")
    ENVIRONMENT = "environment", _("Natur og miljø")
    PREPAREDNESS = "preparedness", _("Beredskap")
    OTHER = "other", _("Annet")


class VoluntaryRole(models.TextChoices):
    """What the voluntary effort is to the public service. Never a replacement."""

    SUPPLEMENT = "supplement", _("Utfylle det kommunen gjør")
    STRENGTHEN = "strengthen", _("Forsterke det kommunen gjør")
    CHALLENGE = "challenge", _("Utfordre og finne nye måter")


class Level(models.IntegerChoices):
    ANCHORING = 1, _("Forankring og ansvar")
    DEVELOPMENT = 2, _("Samskaping av tjenesten")
    OPERATION = 3, _("Drift og rekruttering")
