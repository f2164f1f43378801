#!/bin/sh
# The worker container. The name is fixed, so that the health check can ask for it by name.
set -eu
exec python -m celery -A samskaping worker --hostname=worker@%h --loglevel=WARNING \
    --without-gossip --without-mingle
