"""No field with words in it is forgotten when somebody asks what is kept about her, or to be forgotten."""

from typing import Any

from django.apps import apps
from django.db import models

from samskaping.core.privacy import all_personal_rows
from tests.guards.test_models import OURS

WORDS = (models.CharField, models.TextField, models.EmailField, models.JSONField)
# Fields that hold words about no person, or that go otherwise. A line that is no longer needed fails.
NOT_PERSONAL = {
    "accounts.User": "the account: exported and closed with the last of her rows",
    "accounts.SignIn": "goes with the account",
    "accounts.WorkAccount": "goes with the account",
    "core.AuditEvent": "ids and names of fields, never values",
    "core.ContentTemplate": "texts for everybody",
    "core.County": "a name on a map",
    "core.DemoPost": "only where the portal is tried out; erased by address",
    "core.Municipality": "a name on a map",
    "core.OneTimeCode": "keyed hashes, gone within a day",
    "core.Outbox": "ids; what went wrong is a code",
    "core.RetentionReport": "the name of a rule",
    "core.RetentionRule": "the name of a rule",
    "core.RetentionRuleEvent": "the name of a rule",
    "core.StoredFile": "goes with what points to it",
    "partnerships.Invitation": "a role and a number of our own; the name is the person's row",
    "partnerships.MunicipalitySettings": "the municipality's contact point, chosen to be told to everybody",
    "partnerships.Notice": "what it says is made when it leaves",
    "partnerships.Organisation": "a club is no person",
    "partnerships.Partnership": "what is done together",
    "partnerships.PrintRun": "a code",
    "partnerships.Unit": "a nursing home is no person",
    "partnerships.VolunteerCentre": "a centre is no person",
    "partnerships.ActorImport": "the name of a spreadsheet, which itself goes away",
    "partnerships.Duty": "a task",
    "partnerships.DutyHolder": "a position; a person is a row of her own",
    "partnerships.NeighbourAsk": "which club another municipality is asked for",
    "partnerships.AgendaItem": "what a group agreed, never who said what",
    "partnerships.Meeting": "when and where a group meets",
    "partnerships.Minutes": "what a group agreed, never who said what",
    "partnerships.Frame": "what is decided, by whom in office",
    "partnerships.Grant": "money and dates",
    "partnerships.RegisterFetch": "a code",
    "partnerships.RegisteredOrganisation": "from the public register, without roles and people",
    "partnerships.RequirementKind": "texts for everybody",
    "partnerships.CodesignProcess": "what is developed together",
    "partnerships.CalendarFeed": "the hash of a secret; its dates are in an export",
    "partnerships.Occurrence": "a time of an activity, and how many came",
    "partnerships.Offer": "an activity",
    "partnerships.OfferNews": "what happened to an activity",
    "partnerships.OfferRequirement": "what a place asks of a volunteer",
    "partnerships.ProblemVersion": "what is developed together",
    "partnerships.Participant": "a side and a number of our own; the copy shows them with the group",
    "partnerships.ProposalGroup": "a theme",
    "partnerships.ProcessPhase": "money and dates",
    "partnerships.ProcessResult": "what it came to",
    "partnerships.StairCheck": "what a place answered about itself",
    "partnerships.Strategy": "a plan, and who decided it in office",
    "partnerships.StrategyPoint": "a line of a plan",
    "partnerships.StrategyStance": "what a side says, as a side",
    "partnerships.TaskCheck": "what may be done, decided in office",
    "partnerships.Understanding": "what the parties say together",
    "partnerships.UnderstandingSide": "what a side says, as a side",
    "agreements.Agreement": "a title and dates",
    "agreements.AgreementEvent": "named fields only",
    "agreements.Anchor": "hashes",
    "agreements.ArchiveDelivery": "a hash, and the archive's own number for it",
    "agreements.Batch": "a text and a greeting to many",
    "agreements.BatchRow": "a number of our own; the copy shows it with the batch",
    "agreements.Envelope": "what the parties tell each other",
    "agreements.FrozenAsset": "a logo",
    "agreements.FrozenDocument": "the agreement itself, kept and gone with it",
    "agreements.Seal": "hashes and the seal's own certificate",
    "agreements.SignEvent": "numbers and commitments, which the salts open until they are erased",
    "agreements.Signatory": "a role and a number of our own; the copy shows them with the agreement",
    "agreements.Signature": "the name she wrote, kept and gone with the agreement; the copy shows it",
    "agreements.Timestamp": "whose clock it was",
    "agreements.Withdrawal": "what a side says, as a side",
    "agreements.AgreementSection": "what the parties say together",
    "agreements.SectionWording": "what the parties say together",
    "agreements.SkippedGap": "why something is not in an agreement",
    "agreements.Suggestion": "what a side says, as a side",
    "partnerships.DutyEvent": "named fields only",
    "partnerships.GrantEvent": "named fields only",
    "partnerships.StrategyEvent": "named fields only",
    "partnerships.TaskCheckEvent": "named fields only",
    "partnerships.MunicipalitySettingsEvent": "named fields only",
    "partnerships.OrganisationEvent": "named fields only",
    "partnerships.PartnershipEvent": "named fields only",
    "partnerships.CodesignProcessEvent": "named fields only",
    "partnerships.OfferEvent": "named fields only",
    "partnerships.ProcessPhaseEvent": "named fields only",
    "partnerships.ProcessResultEvent": "named fields only",
    "partnerships.UnitEvent": "named fields only",
    "partnerships.VolunteerCentreEvent": "named fields only",
    "volunteers.Assignment": "a task; the copy shows it",
    "volunteers.Course": "what is taught, where",
    "volunteers.CourseEvent": "named fields only",
    "volunteers.Errand": "a task, without the one it is for",
    "volunteers.ErrandFor": "a first name for the one who took it, gone the day after",
    "volunteers.OfferCrew": "how an activity keeps track of who comes",
    "volunteers.Opening": "a task",
    "volunteers.OpeningEvent": "named fields only",
    "volunteers.VolunteerImport": "the name of a spreadsheet, which itself goes away",
    "volunteers.Wall": "where a screen hangs",
    "partnerships.Initiative": "from somebody who may be nobody we know: goes by its own rule",
}


def has_words(model: type[models.Model]) -> bool:
    fields = (getattr(field, "base_field", field) for field in model._meta.fields if not is_key(field))
    return any(isinstance(field, WORDS) and not field.choices for field in fields)


def is_key(field: Any) -> bool:
    return bool(field.primary_key) or field.name.startswith("pgh_")


def with_words() -> set[str]:
    ours = (m for m in apps.get_models() if m._meta.app_label in OURS)
    return {m._meta.label for m in ours if has_words(m)}


def covered() -> set[str]:
    """Models whose personal fields stand in an export; a nobody has no rows, and asks no database."""
    nobody = apps.get_model("partnerships", "Person")(pk=0)
    found = set()
    for kept in all_personal_rows():
        model = kept.find(nobody).model
        shown = {name.split("__")[0] for name in kept.fields}
        own = set(getattr(model, "personal_fields", ()))
        if own and own - {"name_key"} <= shown:
            found.add(model._meta.label)
    return found


def test_every_model_with_words_is_exported_or_says_why_not() -> None:
    assert with_words() - covered() - set(NOT_PERSONAL) == set()


def test_no_reason_is_stale() -> None:
    assert set(NOT_PERSONAL) - with_words() == set()
    assert set(NOT_PERSONAL) & covered() == set()


def test_personal_fields_exist() -> None:
    for model in apps.get_models():
        names = {field.name for field in model._meta.fields}
        assert set(getattr(model, "personal_fields", ())) <= names, model._meta.label
