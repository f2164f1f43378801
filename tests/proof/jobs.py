"""Promises kept through kills, losses and bad servers: the scenarios of tests/faults at full numbers."""

from collections.abc import Callable, Iterable

from tests.faults import databases, jobs, kills, losses, mails, webs
from tests.faults.place import Place, place
from tests.proof.registry import Tally, proof

Scenario = Callable[[Place], Tally]
FOLDER = "tests/faults"


def _all(scenarios: Iterable[Scenario], *, quick: bool) -> Tally:
    """One after the other on the same servers; `quick` has waits of seconds, else they are production's."""
    together = Tally()
    with place(quick=quick) as here:
        for scenario in scenarios:
            here.clear()
            found = scenario(here)
            together.tried += found.tried
            together.failures += found.failures
            together.slowest = max(together.slowest, found.slowest)
    return together


@proof(
    "jobs_kills",
    "200 × `kill -9` of worker, worker's child or beat during 5,000 messages: none lost, none doubled but "
    "between the mail server's yes and the commit, the same Message-ID, settled within 120 s",
    tested_in=FOLDER,
)
def jobs_kills(small: bool) -> Tally:
    kill_count = 2 if small else 200
    return _all(
        [lambda here: kills.killed_at_random(here, victims=kills.VICTIMS, kills=kill_count, each=25)],
        quick=small,
    )


@proof(
    "jobs_worst_moment",
    "Worker killed after the mail server's yes and before the commit, or right before the message; web "
    "killed between commit and ring: 20 × each",
    tested_in=FOLDER,
)
def jobs_worst_moment(small: bool) -> Tally:
    turns = 1 if small else 20
    return _all(
        [
            lambda here: kills.killed_by_the_mail_server(here, "after_yes", turns=turns),
            lambda here: kills.killed_by_the_mail_server(here, "before_data", turns=turns),
            lambda here: webs.killed_between_commit_and_ring(here, turns=turns),
        ],
        quick=True,
    )


@proof(
    "jobs_redis",
    "20 × Redis emptied, killed without memory, full or silent during 1,000 messages; 200 posts and the "
    "pages while it is away: none lost, none doubled, nobody at the web notices",
    tested_in=FOLDER,
)
def jobs_redis(small: bool) -> Tally:
    losses_count, each, posts = (4, 20, 20) if small else (20, 50, 200)
    return _all(
        [
            lambda here: losses.redis_lost(here, ways=losses.WAYS, losses=losses_count, each=each),
            lambda here: losses.redis_away_from_web(here, posts=posts),
        ],
        quick=small,
    )


@proof(
    "jobs_postgres",
    "10 × PostgreSQL restarted with `immediate` and 50 connections ended, under messages and requests; rows "
    "locked; promises made crosswise: answers are «done» or 503 with Retry-After, nothing half written",
    tested_in=FOLDER,
)
def jobs_postgres(small: bool) -> Tally:
    restarts, ends, turns, rounds = (2, 5, 1, 10) if small else (10, 50, 10, 100)
    return _all(
        [
            lambda here: databases.restarted(here, restarts=restarts, each=20),
            lambda here: databases.connections_ended(here, ends=ends, each=5),
            lambda here: databases.row_held_by_another(here, turns=turns),
            lambda here: databases.promised_crosswise(here, rounds=rounds, each=300),
        ],
        quick=True,
    )


@proof(
    "jobs_smtp",
    "The mail server down, answering 421, 451 or 550, hanging, cutting the line before or after it took the "
    "letter: everything arrives, once, in order, with two connections at most",
    tested_in=FOLDER,
)
def jobs_smtp(small: bool) -> Tally:
    many, few = (20, 3) if small else (1000, 50)
    passing = [
        lambda here, mode=mode: mails.passing_trouble(here, mode, messages=few) for mode in mails.PASSING
    ]
    return _all(
        [
            lambda here: mails.down_then_up(here, messages=many),
            lambda here: mails.in_order(here, messages=many),
            *passing,
            mails.took_it_and_hung_up,
            lambda here: mails.refused_for_good(here, messages=few),
        ],
        quick=True,
    )


@proof(
    "jobs_clock",
    "Two beats, a beat that slept three hours, workers whose clocks are three hours off, poison among a "
    "thousand good jobs, a job of a newer portal, 300 people reminded by two clocks",
    tested_in=FOLDER,
)
def jobs_clock(small: bool) -> Tally:
    many, people = (20, 10) if small else (1000, 300)
    clocks = [
        lambda here, clock=clock: jobs.worker_with_a_wrong_clock(here, clock, messages=many)
        for clock in jobs.CLOCKS
    ]
    return _all(
        [
            lambda here: jobs.two_beats(here, messages=20 if small else 200),
            lambda here: jobs.beat_slept(here, messages=many),
            *clocks,
            lambda here: jobs.poison_among_good(here, good=many),
            jobs.from_a_newer_portal,
            lambda here: jobs.two_clocks_remind(here, people=people),
        ],
        quick=True,
    )


@proof(
    "jobs_web",
    "20 × web taken over by a new one and worker restarted under 20 visitors: no failed request, nothing "
    "lost; 100 forms sent twice at once: one row",
    tested_in=FOLDER,
)
def jobs_web(small: bool) -> Tally:
    restarts, people, rounds = (1, 4, 3) if small else (20, 20, 100)
    return _all(
        [
            lambda here: webs.restarted_under_load(here, restarts=restarts, people=people, messages=10),
            lambda here: webs.pressed_twice(here, rounds=rounds),
        ],
        quick=True,
    )
