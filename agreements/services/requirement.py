"""What an agreement answers of what is asked of a volunteer: nobody notes by hand what was signed here."""

from agreements.models import Agreement
from agreements.models.agreement import AgreementKind
from volunteers.models import Volunteer
from volunteers.services.requirement import AGREEMENT, CONFIDENTIALITY, requirement_signed

# Our kinds of requirement (partnerships/data/requirement_kinds.json).
MEETS = {AgreementKind.CONFIDENTIALITY: CONFIDENTIALITY, AgreementKind.VOLUNTEER: AGREEMENT}


def agreement_meets(agreement: Agreement) -> None:
    """In the transaction in which it comes to hold. Somebody who is no volunteer has nothing to meet yet."""
    key = MEETS.get(AgreementKind(agreement.kind))
    if key is None or agreement.person is None or agreement.signed_on is None:
        return
    requirement_signed(person=agreement.person, key=key, on=agreement.signed_on, holds_to=agreement.ends_on)


def agreements_meet(volunteer: Volunteer) -> None:
    """What she signed before she came in, or while she was away, the newest last."""
    signed = Agreement.objects.running().filter(
        person=volunteer.person_id, kind__in=MEETS, signed_on__isnull=False
    )
    for agreement in signed.select_related("person").order_by("signed_on", "pk"):
        agreement_meets(agreement)
