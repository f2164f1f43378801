"""Two registered agreements for every partnership."""

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import AgreementKind, AgreementOrigin, AgreementState
from partnerships.models import Partnership, PartnershipParty
from partnerships.national.nation import Nation
from partnerships.national.words import key

ORDER = 60


def load(nation: Nation) -> None:
    if nation.has(Agreement.objects.all()):
        return
    partnerships = Partnership.objects.filter(municipality__is_demo=False).order_by("pk")
    made = nation.write(
        Agreement,
        (
            Agreement(
                municipality_id=partnership.municipality_id, partnership=partnership, kind=kind,
                origin=AgreementOrigin.REGISTERED, title=f"Avtale om {partnership.title}",
                title_key=key(f"Avtale om {partnership.title}"), signed_on=partnership.running_since,
                ends_on=nation.days_on(900), ended_on=partnership.ended_on,
                state=AgreementState.ENDED if partnership.ended_on else AgreementState.ACTIVE,
            )
            for partnership in partnerships.only("title", "municipality_id", "running_since", "ended_on")
            for kind in (AgreementKind.COOPERATION, AgreementKind.INTENT)
        ),
    )  # fmt: skip
    parties = PartnershipParty.objects.filter(organisation__isnull=False).order_by("pk")
    organisations = dict(parties.values_list("partnership_id", "organisation_id"))
    nation.write(
        AgreementParty,
        (
            AgreementParty(
                municipality_id=agreement.municipality_id, agreement=agreement,
                organisation_id=organisations[agreement.partnership_id],
            )
            for agreement in made
        ),
    )  # fmt: skip
