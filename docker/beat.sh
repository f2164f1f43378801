#!/bin/sh
# The beat container: the clock, exactly one. What it remembers may be lost: every job it starts
# looks in the database for what is due.
set -eu
exec python -m celery -A samskaping beat --schedule="${TMPDIR:-/tmp}/beat-schedule" --pidfile= --loglevel=WARNING
