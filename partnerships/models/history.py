"""The tables of ours whose changes are kept. Person, who takes part in what, and the police certificate never
stand here."""

from partnerships.models.absence import Absence
from partnerships.models.actors import Organisation, Unit, VolunteerCentre
from partnerships.models.codesign import CodesignProcess, ProcessPhase
from partnerships.models.frame import Frame
from partnerships.models.invitation import Invitation
from partnerships.models.meeting import Meeting, Minutes
from partnerships.models.membership import Membership
from partnerships.models.offer import Offer, OfferRequirement
from partnerships.models.partnership import Grant, Partnership, PartnershipParty
from partnerships.models.process_result import ProcessResult
from partnerships.models.proposal import Proposal
from partnerships.models.responsibility import Duty, DutyHolder
from partnerships.models.settings import MunicipalitySettings
from partnerships.models.signal import Signal
from partnerships.models.strategy import Strategy, StrategyStance
from partnerships.models.task_check import TaskCheck
from partnerships.models.understanding import Understanding, UnderstandingSide
from samskaping.core.history import keep_history

_PLACE = ("unit", "centre", "organisation")

keep_history(Unit, "municipality", "name", "parent", "ended_at")
keep_history(VolunteerCentre, "municipality", "name", "ownership", "profile", "ended_at")
keep_history(Organisation, "municipality", "name", "number", "kind", "icnpo", "register_state", "ended_at")
keep_history(
    Membership,
    *("municipality", "user", "person", "role", *_PLACE, "partnership", "process"),
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
keep_history(
    Partnership,
    *("municipality", "title", "track", "phase", "voluntary_role", "started_by"),
    *("paused_since", "paused_until", "running_since", "ended_on"),
)
keep_history(
    PartnershipParty,
    *("municipality", "party_municipality", "partnership", *_PLACE),
    *("accepted_at", "declined_at", "left_on"),
)
keep_history(Grant, "municipality", "partnership", "source", "ends_on", "report_on", "reported_on")
keep_history(
    Strategy,
    *("municipality", "title", "number", "state", "body", "case_number", "decided_on", "administrative_on"),
    *("valid_from", "valid_to", "revise_by"),
)
keep_history(StrategyStance, "municipality", "strategy", "centre", "organisation", "stance")
keep_history(
    Frame,
    *("municipality", "partnership", "strategy", "point", "working_form", "hours_a_week"),
    *("decided_on", "revise_by"),
)
keep_history(Understanding, "municipality", "partnership", "number", "state", "proposed_by", "agreed_at")
keep_history(UnderstandingSide, "municipality", "understanding", "party", "confirmed_version", "confirmed_at")
keep_history(
    TaskCheck,
    *("municipality", "partnership", "task", "outcome", "decided_on", "look_again_on"),
)
keep_history(Duty, "municipality", "map", "group", "level", "text", "removed_at")
keep_history(
    DutyHolder,
    *("municipality", "duty", "part", "person", *_PLACE),
    *("accepted_at", "declined_at", "leaves_on", "until"),
)
keep_history(
    Signal,
    *("municipality", "partnership", "kind", "from_level", "to_level", *_PLACE, "receiver"),
    *("due_on", "state", "answered_at", "closed_at"),
)
keep_history(
    Meeting,
    *("municipality", "process", "kind", "state", "starts_at", "ends_at", "sequence", "shared_at"),
)
keep_history(Minutes, "municipality", "meeting", "state", "number", "sent_at", "approved_at")
keep_history(
    CodesignProcess,
    *("municipality", "partnership", *_PLACE, "title", "target_group", "duration", "state", "convener"),
    *("prepared", "invited_anyway_at", "public_at", "ended_on"),
)
keep_history(
    Proposal,
    *("municipality", "process", "group", "given_by"),
    *("outcome", "answered_at", "answer_by", "climbed"),
)
keep_history(ProcessPhase, "municipality", "process", "kind", "starts_on", "ends_on", "amount", "paid_by")
keep_history(ProcessResult, "municipality", "process", "kind", "title", "made_at")
keep_history(
    Offer,
    *("municipality", "partnership", *_PLACE, "title", "state", "paused_until", "ended_on"),
    *("first_on", "from_time", "to_time", "rule", "skips_holidays"),
)
keep_history(OfferRequirement, "municipality", "offer", "kind", "removed_at")
