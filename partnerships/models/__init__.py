"""The base of the domain, one concept a file."""

from partnerships.models import history  # noqa: F401 - makes the tables of what was before
from partnerships.models.absence import Absence
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.contact_change import ContactChange
from partnerships.models.invitation import Invitation
from partnerships.models.membership import Membership
from partnerships.models.notice import CallNote, Notice, PrintRun, Reply
from partnerships.models.partnership import Partnership, PartnershipParty
from partnerships.models.person import Person
from partnerships.models.privacy import ErasureRequest, PersonExport
from partnerships.models.settings import MunicipalitySettings

__all__ = [
    "Absence",
    "CallNote",
    "ContactChange",
    "ErasureRequest",
    "Invitation",
    "Membership",
    "MunicipalitySettings",
    "Notice",
    "Organisation",
    "Partnership",
    "PartnershipParty",
    "Person",
    "PersonExport",
    "PrintRun",
    "Reply",
    "Unit",
    "VolunteerCentre",
]
