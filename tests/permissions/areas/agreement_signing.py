"""Signing: whoever is asked reads and signs, and nobody else; both sides see how it goes.

The unit's leader and a person of the municipality's are asked to sign, and the organisation's representative
has signed.
"""

from collections.abc import Callable, Mapping
from typing import Any

from agreements.models import Signatory
from agreements.services.envelope import Asked
from agreements.services.signatory import signatory_token
from tests.agreements.signing import sent, sign
from tests.factories.agreements import AgreementFactory, AgreementPartyFactory
from tests.permissions.areas.agreements import DRAFT, POSTED, READERS
from tests.permissions.frame import Place, Row

ASKED = "unit_leader,organisation_rep"
WITNESSES = DRAFT.replace(",organisation_rep:200 ", ":200 organisation_rep,")
MINE = "unit_leader:%s anonymous:login *:404"


def _pk(name: str) -> Callable[[Any, Place], Mapping[str, Any]]:
    return lambda world, place: {"pk": world.town(place).things[name].pk}


def _token(world: Any, place: Place) -> Mapping[str, Any]:
    return {"token": signatory_token(world.town(place).things["to_sign"])}


def _helped(world: Any, place: Place) -> Mapping[str, Any]:
    things = world.town(place).things
    return {"pk": things["sent_agreement"].pk, "number": things["to_help"].pk}


def _mine(*, get: int = 0, post: int = 0, **data: Any) -> Row:
    return Row(
        get=MINE % get if get else "",
        post=MINE % post if post else "",
        path=_pk("to_sign"),
        data=lambda _world: data,
    )


def _set_up(_world: Any) -> dict[str, str]:
    """Four rows, as the page has them for two sides; none is filled in."""
    rows = {
        f"s{number}-{name}": value
        for number in range(4)
        for name, value in {"side": "copy", "number": "1", "floor": "code"}.items()
    }
    return {**rows, "save": "1"}


ROWS: dict[str, Row] = {
    "signing_documents": Row(get="anonymous:login *:200"),
    "my_agreements": Row(get="anonymous:login *:200"),
    "signing_out": Row(post="*:302"),
    # Nobody has asked for a code; those who are in some signing may.
    "signing_code": Row(get=f"{ASKED}:200 *:410", post=f"{ASKED}:200 *:410"),
    # The link says who asks, to whoever holds it; she herself is led on by her account.
    "signing_open": Row(
        get="unit_leader:302 *:200", post="unit_leader,anonymous:302 *:200", foreign_get="*:200",
        foreign_post="anonymous:302 *:200", shows_its_own=True, path=_token,
    ),
    "signing_read": _mine(get=200, post=302),
    # She is sent a code first.
    "signing_sign": _mine(get=302, post=302),
    "signing_done": Row(get="organisation_rep:200 anonymous:login *:404", path=_pk("signed")),
    "signing_pdf": _mine(get=200),
    "signing_decline": _mine(get=200, post=302, because="Nei takk"),
    "signing_retract": Row(
        get="organisation_rep:200 anonymous:login *:404", post="organisation_rep:302 anonymous:login *:404",
        path=_pk("signed"), data=lambda _world: {"because": "Feil dato"},
    ),
    "signing_forward": _mine(get=200, post=302, name="Ny Leder", email="ny@prove.example"),
    "signing_ask": _mine(get=200, post=302, text="Hva betyr dette?"),
    "envelope": Row(get=f"{READERS}:200 anonymous:login *:404", path=_pk("sent_agreement")),
    "envelope_pdf": Row(get=f"{READERS}:200 anonymous:login *:404", path=_pk("sent_agreement")),
    "envelope_set_up": Row(get=DRAFT, post=POSTED, path=_pk("to_send"), data=_set_up),
    "envelope_call_back": Row(
        get=DRAFT, post=POSTED, path=_pk("sent_agreement"), data=lambda _world: {"because": "Feil dato"}
    ),
    "envelope_redraft": Row(post=POSTED, path=_pk("sent_agreement")),
    "envelope_remind": Row(post=POSTED, path=_helped),
    # Without a scan, and without the boxes ticked, the form comes back. The other party is no witness.
    "envelope_paper": Row(get=WITNESSES, post=WITNESSES, path=_helped),
    "envelope_together": Row(get=WITNESSES, post=WITNESSES, path=_helped),
}  # fmt: skip


def furnish(town: Any, word: str) -> None:
    for name in ("sent_agreement", "to_send"):
        agreement = AgreementFactory.create(
            municipality=town.municipality,
            origin="portal",
            state="draft",
            title=f"{word} avtale {name}",
            partnership=town.partnership,
            shared_at=town.partnership.created_at,
        )
        AgreementPartyFactory.create(agreement=agreement, organisation=town.organisation)
        AgreementPartyFactory.create(agreement=agreement, unit=town.unit, organisation=None)
        town.things[name] = agreement
    agreement = town.things["sent_agreement"]
    club, unit = agreement.parties.order_by("pk")
    asked = [
        Asked(town.members["organisation_rep"].person, f"{word} leder", club),
        Asked(town.members["unit_leader"].person, f"{word} leder", unit),
        Asked(town.people["municipal"], f"{word} vitne", unit),
    ]
    envelope = sent(agreement, asked, by=town.members["coordinator"].user)
    signed, to_sign, to_help = (
        Signatory.objects.select_related("envelope__document").get(envelope=envelope, person=one.person)
        for one in asked
    )
    sign(signed, typed_name=f"{word} Leder")
    town.things |= {"signed": signed, "to_sign": to_sign, "to_help": to_help}
