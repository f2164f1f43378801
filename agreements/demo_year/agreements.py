"""Registered agreements in both towns: most hold, two run out before the season is over, one has."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from agreements.models import Agreement, AgreementParty
from agreements.models.agreement import AgreementKind, AgreementOrigin, AgreementState
from partnerships.models import Organisation, Partnership, Unit, VolunteerCentre
from samskaping.accounts.models import User
from samskaping.core.models import Municipality

# After the partnerships they belong to.
ORDER = 60


class Signed(NamedTuple):
    title: str
    parties: tuple[str, ...]
    # Days from today; None: holds until somebody ends it.
    starts: int
    ends: int | None
    kind: AgreementKind = AgreementKind.COOPERATION
    # The partnership with this title, where there is one.
    partnership: str = ""
    ended: int | None = None


TOWNS: dict[str, tuple[str, tuple[Signed, ...]]] = {
    "9901": (
        "coordinator@demo.example",
        (
            Signed(
                "Våketjenesten på Fjordheimen",
                ("Fjordheimen sykehjem", "Nattljos besøkstjeneste"),
                starts=-690,
                ends=40,
                partnership="Våketjenesten",
            ),
            Signed(
                "Onsdagsturen",
                ("Fjordvik turlag", "Fjordvik frivilligsentral"),
                starts=-300,
                ends=65,
                kind=AgreementKind.COOPERATION_LIGHT,
                partnership="Onsdagsturen",
            ),
            Signed(
                "Bruk av biblioteket på kveldstid",
                ("Fjordvik bibliotek", "Fjordvik bygdekvinnelag"),
                starts=-150,
                ends=580,
            ),
            Signed(
                "Samarbeid mellom kommunen og Ytre Fjordvik frivilligsentral",
                ("Kultur og innbygger", "Ytre Fjordvik frivilligsentral"),
                starts=-1100,
                ends=None,
            ),
            Signed(
                "Sangstund på Solkroken",
                ("Dagsenteret Solkroken", "Fjordvik mannskor"),
                starts=-400,
                ends=-12,
                kind=AgreementKind.COOPERATION_LIGHT,
            ),
            Signed(
                "Fysisk aktivitet etter skoletid",
                ("Fjordvik skole", "Fjordvik idrettslag"),
                starts=-760,
                ends=150,
                kind=AgreementKind.INTENT,
                ended=-95,
            ),
        ),
    ),
    "9902": (
        "neighbour@demo.example",
        (
            Signed(
                "Besøksvenn på Sundheimen",
                ("Sundheimen omsorgssenter", "Sunndalsfjord bygdekvinnelag"),
                starts=-330,
                ends=32,
            ),
            Signed(
                "Språkkafé på folkebiblioteket",
                ("Sunndalsfjord folkebibliotek", "Sunndalsfjord frivilligsentral"),
                starts=-210,
                ends=400,
                kind=AgreementKind.COOPERATION_LIGHT,
            ),
            Signed(
                "Skyss til kveldskafeen",
                ("Heimetenesta", "Indre fjord turlag"),
                starts=-90,
                ends=None,
                kind=AgreementKind.INTENT,
            ),
        ),
    ),
}


def load() -> None:
    for number, (login, agreements) in TOWNS.items():
        municipality = Municipality.objects.get(number=number)
        by = User.objects.get(email=login)
        for signed in agreements:
            _agreement(municipality, signed, by)


def _agreement(municipality: Municipality, signed: Signed, by: User) -> None:
    if Agreement.objects.filter(municipality=municipality, title=signed.title).exists():
        return
    made = Agreement.objects.create(
        municipality=municipality,
        origin=AgreementOrigin.REGISTERED,
        kind=signed.kind,
        title=signed.title,
        partnership=Partnership.objects.filter(
            municipality=municipality, title__startswith=signed.partnership
        ).first()
        if signed.partnership
        else None,
        signed_on=_day(signed.starts - 9),
        starts_on=_day(signed.starts),
        ends_on=_day(signed.ends) if signed.ends is not None else None,
        ended_on=_day(signed.ended) if signed.ended is not None else None,
        state=AgreementState.ACTIVE if signed.ended is None else AgreementState.ENDED,
        created_by=by,
        updated_by=by,
    )
    # It was noted when it was signed: nobody is told of it as news.
    Agreement.objects.filter(pk=made.pk).update(
        created_at=timezone.now() - timedelta(days=min(90, -signed.starts))
    )
    for name in signed.parties:
        AgreementParty.objects.create(
            municipality=municipality, agreement=made, **actor_field(municipality, name)
        )


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)


def actor_field(municipality: Municipality, name: str) -> dict[str, Any]:
    kinds: tuple[tuple[str, Any], ...] = (
        ("unit", Unit),
        ("centre", VolunteerCentre),
        ("organisation", Organisation),
    )
    for field, model in kinds:
        found = model.objects.filter(municipality=municipality, name=name).first()
        if found is not None:
            return {field: found}
    message = f"Nobody in the demo is called {name}."
    raise LookupError(message)
