"""The base of the domain, one concept a file."""

from partnerships.models import history  # noqa: F401 - makes the tables of what was before
from partnerships.models.absence import Absence
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.calendar import CalendarFeed
from partnerships.models.codesign import CodesignProcess, ProblemVersion, ProcessPhase, Win
from partnerships.models.contact import Contact
from partnerships.models.contact_change import ContactChange
from partnerships.models.first_steps import FirstMinutes, StairCheck
from partnerships.models.frame import Frame
from partnerships.models.initiative import Initiative
from partnerships.models.invitation import Invitation
from partnerships.models.meeting import (
    AgendaItem,
    Attendance,
    Meeting,
    MeetingCall,
    MeetingSlot,
    Minutes,
    MinutesCopy,
    SlotAnswer,
)
from partnerships.models.membership import Membership
from partnerships.models.neighbour_ask import NeighbourAsk
from partnerships.models.notice import CallNote, Notice, PrintRun, Reply
from partnerships.models.occurrence import Occurrence
from partnerships.models.offer import Offer, OfferNews, OfferRequirement
from partnerships.models.participant import Adaptation, FollowUp, Participant, ProcessTask
from partnerships.models.partnership import Grant, LogEntry, Partnership, PartnershipParty
from partnerships.models.person import Person
from partnerships.models.privacy import ErasureRequest, PersonExport
from partnerships.models.process_result import ProcessResult
from partnerships.models.proposal import Proposal, ProposalComment, ProposalGroup, ProposalSupport
from partnerships.models.register import ActorImport, RegisteredOrganisation, RegisterFetch
from partnerships.models.requirement import RequirementKind
from partnerships.models.responsibility import Duty, DutyHolder, ResponsibilityMap
from partnerships.models.settings import MunicipalitySettings
from partnerships.models.signal import Signal
from partnerships.models.strategy import Strategy, StrategyPoint, StrategyStance
from partnerships.models.task_check import TaskCheck, TaskRequirement
from partnerships.models.understanding import Understanding, UnderstandingSide

__all__ = [
    "Absence",
    "ActorImport",
    "Adaptation",
    "AgendaItem",
    "Attendance",
    "CalendarFeed",
    "CallNote",
    "CodesignProcess",
    "Contact",
    "ContactChange",
    "Duty",
    "DutyHolder",
    "ErasureRequest",
    "FirstMinutes",
    "FollowUp",
    "Frame",
    "Grant",
    "Initiative",
    "Invitation",
    "LogEntry",
    "Meeting",
    "MeetingCall",
    "MeetingSlot",
    "Membership",
    "Minutes",
    "MinutesCopy",
    "MunicipalitySettings",
    "NeighbourAsk",
    "Notice",
    "Occurrence",
    "Offer",
    "OfferNews",
    "OfferRequirement",
    "Organisation",
    "Participant",
    "Partnership",
    "PartnershipParty",
    "Person",
    "PersonExport",
    "PrintRun",
    "ProblemVersion",
    "ProcessPhase",
    "ProcessResult",
    "ProcessTask",
    "Proposal",
    "ProposalComment",
    "ProposalGroup",
    "ProposalSupport",
    "RegisterFetch",
    "RegisteredOrganisation",
    "Reply",
    "RequirementKind",
    "ResponsibilityMap",
    "Signal",
    "SlotAnswer",
    "StairCheck",
    "Strategy",
    "StrategyPoint",
    "StrategyStance",
    "TaskCheck",
    "TaskRequirement",
    "Understanding",
    "UnderstandingSide",
    "Unit",
    "VolunteerCentre",
    "Win",
]
