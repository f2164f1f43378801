"""Every table belongs to a municipality, or says why not; every change to a model has its migration."""

from io import StringIO

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import models

OURS = ("core", "accounts", "partnerships", "volunteers", "agreements", "evaluations", "dashboards")
# Tables without a municipality of their own, with the reason. A line that is no longer needed fails.
WITHOUT_MUNICIPALITY = {
    "core.County": "is above the municipalities",
    "core.Municipality": "is the municipality",
    "core.ContentTemplate": "ours has none; a municipality's copy has its own",
    "core.AuditEvent": "also tells of sign-ins and technical steps",
    "core.Outbox": "a sign-in code belongs to a user, who may work in several",
    "core.Restore": "is about the whole database",
    "core.OneTimeCode": "is a user's or a person's, named by subject",
    "core.RateLimit": "counts keyed hashes; whose they are is not to be read from it",
    "core.DemoPost": "exists only where the portal is tried out",
    "core.RetentionRule": "ours has none; a municipality's own has its own",
    "core.RetentionRuleEvent": "what a RetentionRule was",
    "accounts.User": "is a sign-in: the person's rows carry the municipality",
    "accounts.SignIn": "is a user's open session",
    "accounts.WorkAccount": "is a user's sign-in elsewhere",
    "partnerships.ContactChange": "is a user's own, wherever she works",
    "partnerships.MembershipEvent": "what a Membership was",
    "partnerships.RequirementKind": "ours has none; a municipality's own has its own",
    "agreements.Anchor": "a day's root over the chains of all municipalities",
    "agreements.Timestamp": "is of a seal or an anchor",
    "partnerships.Membership": "a national analyst belongs to none; a named constraint holds all others",
}
# These stop a programmer: no form leads to them, and nobody reads their words.
ONLY_SERVICES_MEET = {
    "agreement_over_has_day",
    "agreement_personal_has_person",
    "agreement_registered_is_signed",
    "agreement_section_key_once",
    "agreement_section_once",
    "archive_delivered_once",
    "batch_row_once",
    "batch_row_sent_whole",
    "envelope_closed_whole",
    "envelope_completed_whole",
    "envelope_number_once",
    "envelope_sent_whole",
    "frozen_asset_once",
    "section_wording_once",
    "sign_event_once",
    "signatory_copy_declines_nothing",
    "signature_paper_has_scan",
    "signature_witnessed",
    "signing_rule_once",
    "skipped_gap_once",
    "suggestion_answered_whole",
    "timestamp_of_one",
    "outbox_promised_once",
    "outbox_leased_has_lease",
    "outbox_finished_has_time",
    "membership_second_factor_fits_role",
    "neighbour_ask_party_is_answer",
    "invitation_ends_one_way",
    "notice_once",
    "participant_consents_while_there",
    "person_erased_is_empty",
    "proposal_climbed_has_time",
    "proposal_support_once",
    "process_result_becomes_its_kind",
    "notice_done_has_time",
    "notice_lists_are_letters_and_calls",
    "import_undone_was_saved",
    "attendance_once",
    "meeting_call_once",
    "minutes_copy_answered_whole",
    "minutes_copy_once",
    "minutes_state_has_its_time",
    "slot_answer_once",
    "registered_organisation_once",
    "signal_climbed_has_time",
    "signal_state_has_its_time",
    "understanding_agreed_has_time",
    "understanding_side_confirmed_whole",
    "assignment_ended_has_day",
    "care_step_ends_once",
    "care_step_hour_was_set",
    "care_step_suits_an_hour",
    "course_seat_waiting_was_not_there",
    "expense_paid_or_refused",
    "hour_entry_of_offer_or_unit",
    "hour_entry_once",
    "hour_entry_once_an_errand",
    "hours_month_of_offer_or_unit",
    "hours_month_once",
    "initiative_answered_whole",
    "police_responsible_of_one",
    "shift_offered_while_hers",
    "sign_up_for_one",
    "volunteer_import_for_one",
    "volunteer_import_undone_was_saved",
    "volunteer_left_for_a_reason",
    "volunteer_requirement_met_whole",
    "volunteer_requirement_once",
    "volunteer_share_of_one",
    "volunteer_share_once",
}


def tenant_field_is_missing(model: type[models.Model]) -> bool:
    field = next((f for f in model._meta.fields if f.name == "municipality"), None)
    return (
        field is None
        or field.null
        or getattr(field.remote_field, "model", None) is not apps.get_model("core.Municipality")
    )


def without_municipality() -> set[str]:
    return {
        m._meta.label for m in apps.get_models() if m._meta.app_label in OURS and tenant_field_is_missing(m)
    }


def test_every_table_has_a_municipality() -> None:
    assert without_municipality() - set(WITHOUT_MUNICIPALITY) == set()


def test_no_reason_is_stale() -> None:
    assert set(WITHOUT_MUNICIPALITY) - without_municipality() == set()


def test_every_app_of_ours_is_looked_at() -> None:
    ours = {c.label for c in apps.get_app_configs() if not c.name.startswith(("django", "allauth"))}
    assert set(OURS) <= ours
    assert ours - set(OURS) <= {"backup", "embedded", "crispy_forms", "csp", "pgtrigger", "pghistory"}


@pytest.mark.django_db
def test_every_change_has_its_migration() -> None:
    said = StringIO()
    try:
        call_command("makemigrations", check=True, dry_run=True, stdout=said)
    except SystemExit:
        pytest.fail(said.getvalue())


def test_every_constraint_of_ours_has_its_words() -> None:
    """An IntegrityError that reaches a person must read as a sentence in Norwegian."""
    silent = [
        constraint.name
        for model in apps.get_models()
        if model._meta.app_label in OURS
        for constraint in model._meta.constraints
        if constraint.violation_error_message == models.BaseConstraint.default_violation_error_message
    ]
    assert set(silent) == ONLY_SERVICES_MEET
