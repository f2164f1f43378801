"""Two registered agreements for every partnership, and a draft with its words for every tenth."""

from django.utils import timezone

from agreements.models import Agreement, AgreementParty, AgreementSection
from agreements.models.agreement import AgreementKind, AgreementOrigin, AgreementState
from partnerships.models import Partnership, PartnershipParty
from partnerships.national.nation import Nation
from partnerships.national.words import PURPOSES, key

ORDER = 60
# Every so many partnerships write on the next agreement.
WRITES = 10
SECTIONS = ("Dette vil vi", "Hvem gjør hva", "Når vi møtes", "Hvis noe går galt")


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
    _drafts(nation, [partnership for number, partnership in enumerate(partnerships) if number % WRITES == 0])


def _drafts(nation: Nation, partnerships: list[Partnership]) -> None:
    made = nation.write(
        Agreement,
        (
            Agreement(
                municipality_id=partnership.municipality_id, partnership=partnership,
                origin=AgreementOrigin.PORTAL, state=AgreementState.DRAFT, shared_at=timezone.now(),
                title=f"Ny avtale om {partnership.title}", title_key=key(f"Ny avtale om {partnership.title}"),
            )
            for partnership in partnerships
        ),
    )  # fmt: skip
    nation.write(
        AgreementSection,
        (
            AgreementSection(
                municipality_id=agreement.municipality_id, agreement=agreement, number=number,
                heading=heading, text=text, search_key=key(f"{heading} {text}"),
            )
            for agreement in made
            for number, heading in enumerate(SECTIONS)
            for text in [nation.random.choice(PURPOSES)]
        ),
    )  # fmt: skip
