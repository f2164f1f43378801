"""A question on every partnership: some wait, most are answered."""

from datetime import timedelta

from django.utils import timezone

from partnerships.models import Membership, Partnership, Person, Signal
from partnerships.models.areas import Level
from partnerships.models.signal import SignalState
from partnerships.national.nation import Nation
from samskaping.accounts.permissions import Role

ORDER = 40


def load(nation: Nation) -> None:
    if nation.has(Signal.objects.all()):
        return
    held = Membership.objects.filter(municipality__is_demo=False).select_related("person")
    people = {(m.municipality_id, m.role): m.person for m in held}
    partnerships = (
        Partnership.objects.filter(municipality__is_demo=False).order_by("pk").only("municipality_id")
    )
    nation.write(
        Signal,
        (
            _signal(
                nation,
                partnership,
                people[partnership.municipality_id, Role.UNIT_LEADER],
                people[partnership.municipality_id, Role.COORDINATOR],
            )
            for partnership in partnerships
        ),
    )


def _signal(
    nation: Nation, partnership: Partnership, asker: Person | None, receiver: Person | None
) -> Signal:
    asked = timezone.now() - timedelta(days=nation.random.randrange(60))
    waits = nation.random.random() < 0.1
    answered = {} if waits else {
        "state": SignalState.ANSWERED, "seen_at": asked, "answered_at": asked, "answered_by": receiver,
        "answer": "Vaktmesteren låser opp, og dere får en egen nøkkel.",
    }  # fmt: skip
    return Signal(
        municipality_id=partnership.municipality_id, partnership=partnership,
        raised_by=asker, receiver=receiver,
        subject="Nøkkel til lokalet", text="Hvem kan låse opp når vaktmesteren er borte?",
        from_level=Level.OPERATION, to_level=Level.DEVELOPMENT, due_on=nation.days_on(20), **answered,
    )  # fmt: skip
