"""Ideas: some that wait, more that had their answer."""

from collections.abc import Iterator

from django.utils import timezone

from partnerships.models import Initiative
from partnerships.models.initiative import InitiativeState
from partnerships.national.nation import Nation
from partnerships.national.words import place
from samskaping.core.models import Municipality

ORDER = 55
# One for each so many partnerships.
PER = 8
TITLES = (
    "Benk ved %s",
    "Byttebu på %s",
    "Strikkekafé i %s",
    "Lys på skøytebanen på %s",
    "Kano å låne ved %s",
)


def load(nation: Nation) -> None:
    if nation.has(Initiative.objects.all()):
        return
    nation.write(Initiative, (one for town in nation.municipalities for one in _of(nation, town)))


def _of(nation: Nation, town: Municipality) -> Iterator[Initiative]:
    for _nth in range(1 + nation.partnerships[town.pk] // PER):
        answered = nation.random.random() < 0.8
        yield Initiative(
            municipality=town,
            title=nation.random.choice(TITLES) % place(nation.random),
            reply_by=nation.days_ago(200) if answered else nation.days_on(7),
            state=InitiativeState.YES if answered else InitiativeState.NEW,
            answered_at=timezone.now() if answered else None,
        )
