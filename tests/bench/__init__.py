"""How fast and how big the portal is, against targets (the table in CONTRIBUTING.md says how to add a row).

    python -m tests.bench              the table; ends with 1 when a target is missed
    python -m tests.bench --json       also reports/bench.json
    python -m tests.bench --impossible every target set to nothing: must end with 1

Absolute figures move with the machine; the ratio to the login page, measured in the same run, does not.
"""
