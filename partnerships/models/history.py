"""The tables of ours whose changes are kept. Person and the police certificate never stand here."""

from partnerships.models.absence import Absence
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.invitation import Invitation
from partnerships.models.membership import Membership
from partnerships.models.partnership import Partnership, PartnershipParty
from partnerships.models.settings import MunicipalitySettings
from samskaping.core.history import keep_history

_PLACE = ("unit", "centre", "organisation")

keep_history(Unit, "municipality", "name", "parent", "ended_at")
keep_history(VolunteerCentre, "municipality", "name", "ownership", "profile", "ended_at")
keep_history(Organisation, "municipality", "name", "number", "ended_at")
keep_history(
    Membership,
    *("municipality", "user", "person", "role", *_PLACE, "partnership"),
    *("valid_from", "valid_to", "ended_at"),
)
keep_history(
    Invitation,
    *("municipality", "person", "role", *_PLACE),
    *("expires_at", "accepted_at", "withdrawn_at"),
)
keep_history(
    MunicipalitySettings,
    *("municipality", "display_name", "language", "logo", "accessibility_statement_url"),
    *("whistleblowing_url", "deviation_url", "concern_url", "words", "modules", "login_domain"),
)
keep_history(Absence, "municipality", "membership", "deputy", "away_from", "away_to")
keep_history(Partnership, "municipality", "title")
keep_history(PartnershipParty, "municipality", "party_municipality", "partnership", *_PLACE, "accepted_at")
