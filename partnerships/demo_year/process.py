"""Processes of the demo: one well on its way, one that is about to be stopped kindly, and some from below."""

from datetime import date, timedelta
from typing import Any, NamedTuple

from django.utils import timezone

from partnerships.models import (
    CodesignProcess,
    Organisation,
    Partnership,
    Person,
    ProblemVersion,
    ProcessPhase,
    ProcessResult,
    Unit,
    Win,
)
from partnerships.models.codesign import Duration, PhaseKind, ProcessState
from partnerships.models.partnership import StartedBy
from partnerships.models.process_result import ResultKind
from samskaping.accounts.models import User
from samskaping.core.models import Municipality

# After the partnerships and what they rest on.
ORDER = 50


class Planned(NamedTuple):
    kind: PhaseKind
    # So many days from the day the demo is made.
    starts: int
    ends: int
    amount: int | None = None
    paid_by: str = ""


class Tale(NamedTuple):
    town: str
    title: str
    # The name of the unit or organisation that invites.
    invites: str
    # The title of the partnership it is in, or none.
    partnership: str
    # As it was understood, the first first, and why it changed.
    problem: tuple[tuple[str, str], ...]
    target_group: str
    duration: Duration
    state: ProcessState
    started_by: StartedBy = StartedBy.MUNICIPALITY
    anchored: str = ""
    time_set_aside: str = ""
    mandate: str = ""
    promises: str = ""
    phases: tuple[Planned, ...] = ()
    wins: tuple[tuple[int, str], ...] = ()
    results: tuple[tuple[ResultKind, str, str], ...] = ()
    ended: tuple[int, str] | None = None
    is_public: bool = False


TALES = (
    Tale(
        "9901",
        "Kveldene på Fjordheimen",
        "Fjordheimen sykehjem",
        "Våketjeneste på Fjordheimen",
        (
            ("Det er for få på vakt om kvelden, og mange beboere er urolige.", ""),
            (
                "Kveldene er lange. Mange er urolige, og de som er på besøk, vet ikke hvem de kan spørre.",
                "Pårørende fortalte at de ofte står og venter.",
            ),
            (
                (
                    "Kveldene er lange. Mange blir urolige når huset blir stille, og de som besøker dem, vet "
                    "ikke hvem de kan spørre. Det handler mer om noen å være sammen med enn om flere på vakt."
                ),
                "Beboerne selv savner selskap, ikke personale.",
            ),
        ),
        "Beboere på Fjordheimen og de som besøker dem",
        Duration.LONG,
        ProcessState.RUNNING,
        anchored="Kommunalsjefen og styret i helselaget har sagt ja, og vet at svaret kan bli et annet.",
        time_set_aside="Fire timer i uka ut året",
        mandate="Gruppa bestemmer hva kveldene skal inneholde og hvem som spørres. "
        "Den kan ikke bestemme bemanningen.",
        promises="Svar på alle innspill innen tre uker, og middag på hvert møte.",
        phases=(
            Planned(PhaseKind.PREPARE, -120, -80),
            Planned(PhaseKind.DEVELOP, -80, 40, 15000, "Budsjettet til Fjordheimen"),
            Planned(PhaseKind.TRY, 40, 130, 40000, "Fjordvik sparebankstiftelse"),
        ),
        wins=(
            (-20, "Gruppa møttes hjemme hos en av pårørende for første gang."),
            (-50, "Tolv kom på møtet."),
        ),
        results=(
            (ResultKind.OFFER, "Kveldskaffe på tirsdager", "Kaffe og sang i peisestua fra kl. 18.30 til 20."),
            (ResultKind.DUTY, "Ringe den som ikke kom", ""),
        ),
        is_public=True,
    ),
    Tale(
        "9901",
        "Ungdomskveld på biblioteket",
        "Fjordvik bibliotek",
        "",
        (("Ungdom har få steder å være om vinteren.", ""),),
        "Ungdom mellom 13 og 18 år",
        Duration.SHORT,
        ProcessState.PREPARING,
    ),
    Tale(
        "9901",
        "Middag i lag",
        "Fjordvik bygdekvinnelag",
        "Middag i lag på Solkroken",
        (("Middag alene blir ofte til brødskive ved benken.", ""),),
        "Alle som vil ha noen å spise sammen med",
        Duration.SHORT,
        ProcessState.ENDED,
        StartedBy.ORGANISATION,
        mandate="Laget og de som spiser, bestemmer alt.",
        ended=(-200, "Vi prøvde tre ganger før vi fant dagen. Torsdag fungerte, fordi bussen går da."),
    ),
    Tale(
        "9902",
        "Vinter på ungdomshuset",
        "Sunndalsfjord ungdomslag",
        "",
        (
            ("Huset står tomt frå oktober til april.", ""),
            (
                "Huset står tomt frå oktober til april, og dei som vil møtast, manglar skyss heim.",
                "Ungdommen sa at skyssen er verre enn kulda.",
            ),
        ),
        "Ungdom i heile kommunen",
        Duration.LONG,
        ProcessState.RUNNING,
        StartedBy.ORGANISATION,
        mandate="Ungdommen bestemmer sjølve kva huset skal brukast til.",
        promises="Varme i huset på møtedagane.",
        phases=(Planned(PhaseKind.DEVELOP, -30, 60, 5000, "Ungdomslaget"),),
        wins=((-10, "To fedrar baud seg til å køyre."),),
    ),
    Tale(
        "9902",
        "Besøk når det passar",
        "Heimetenesta",
        "Besøksvenner i Sunndalsfjord",
        (("Dei som får besøk, vil gjerne sjølve velje når.", ""),),
        "Dei som får eller ønskjer besøk",
        Duration.SHORT,
        ProcessState.RUNNING,
        anchored="Kommunedirektøren har sagt ja.",
        time_set_aside="To timar i veka",
        mandate="Gruppa bestemmer korleis besøka skal avtalast.",
        phases=(
            Planned(PhaseKind.DEVELOP, -20, 40),
            Planned(PhaseKind.OPERATE, 60, 400, 20000, "Heimetenesta"),
        ),
    ),
)


def load() -> None:
    """Each once; what somebody has changed in it stays changed."""
    for tale in TALES:
        town = Municipality.objects.get(number=tale.town)
        if not CodesignProcess.objects.filter(municipality=town, title=tale.title).exists():
            _tell(tale, town)


def _tell(tale: Tale, town: Municipality) -> None:
    login = "coordinator" if tale.town == "9901" else "neighbour"
    owner = User.objects.get(email=f"{login}@demo.example")
    made = CodesignProcess(
        municipality=town,
        partnership=Partnership.objects.filter(municipality=town, title=tale.partnership).first(),
        title=tale.title,
        problem=tale.problem[-1][0],
        target_group=tale.target_group,
        duration=tale.duration,
        state=tale.state,
        started_by=tale.started_by,
        anchored=tale.anchored,
        time_set_aside=tale.time_set_aside,
        mandate=tale.mandate,
        promises=tale.promises,
        prepared=["balance", "loosen"] if tale.anchored else [],
        convener=Person.objects.filter(user=owner, municipality=town).first(),
        ended_on=_day(tale.ended[0]) if tale.ended else None,
        ended_because=tale.ended[1] if tale.ended else "",
        public_at=timezone.now() if tale.is_public else None,
        created_by=owner,
        updated_by=owner,
        **_side(tale, town),
    )
    made.save()
    under: dict[str, Any] = {"municipality": town, "process": made}
    for number, (text, because) in enumerate(tale.problem, 1):
        version = ProblemVersion.objects.create(**under, number=number, text=text, because=because, by=owner)
        at = timezone.now() - timedelta(days=30 * (len(tale.problem) - number + 1))
        ProblemVersion.objects.filter(pk=version.pk).update(at=at)
    for phase in tale.phases:
        ProcessPhase.objects.create(
            **under,
            kind=phase.kind,
            starts_on=_day(phase.starts),
            ends_on=_day(phase.ends),
            amount=phase.amount,
            paid_by=phase.paid_by,
        )
    for days, text in tale.wins:
        Win.objects.create(**under, text=text, on=_day(days), by=owner)
    for kind, title, about in tale.results:
        ProcessResult.objects.create(**under, kind=kind, title=title, about=about, by=owner)


def _side(tale: Tale, town: Municipality) -> dict[str, Any]:
    unit = Unit.objects.filter(municipality=town, name=tale.invites).first()
    if unit is not None:
        return {"unit": unit}
    return {"organisation": Organisation.objects.get(municipality=town, name=tale.invites)}


def _day(days: int) -> date:
    return timezone.localdate() + timedelta(days=days)
