"""The first ten minutes, the first steps, and «Dette har vi sammen»: for who answers for the municipality."""

from tests.permissions.frame import Row

EDITORS = "coordinator,chief"
SHOWN = f"{EDITORS}:200 anonymous:login *:403"
MOVED = f"{EDITORS}:302 anonymous:login *:403"

ROWS: dict[str, Row] = {
    "first_minutes": Row(get=MOVED),
    "first_minutes_organisations": Row(get=SHOWN, post=MOVED),
    "first_minutes_fetch": Row(post=MOVED),
    # Answers a form that says too little with the form again.
    "first_minutes_partnerships": Row(get=SHOWN, post=SHOWN),
    "first_minutes_agreements": Row(get=SHOWN, post=SHOWN, data=lambda _world: {"title": "x"}),
    "first_minutes_onwards": Row(post=MOVED, foreign_post=MOVED, path=lambda _world, _place: {"step": 1}),
    "first_minutes_finish": Row(post=MOVED),
    "together": Row(get=SHOWN),
    "together_pdf": Row(get=SHOWN),
    "together_send": Row(get=SHOWN, post=SHOWN),
    "first_steps": Row(get=SHOWN),
    "first_steps_away": Row(post=MOVED, data=lambda _world: {"away": "1"}),
}
