#!/bin/sh
# Redis with the password from its secret file. In a configuration file and not among the arguments,
# where every process list shows it.
set -eu
umask 077
folder="${REDIS_CONFIG_DIR:-/tmp}"
{
    printf 'port %s\n' "${REDIS_PORT:-6379}"
    printf 'dir "%s"\n' "${REDIS_DATA_DIR:-/data}"
    printf 'appendonly yes\nappendfsync everysec\nsave ""\n'
    # A queue must refuse rather than forget.
    printf 'maxmemory-policy noeviction\n'
    printf 'requirepass "%s"\n' "$(cat "${REDIS_PASSWORD_FILE:?is not set}")"
} > "$folder/redis.conf"
exec redis-server "$folder/redis.conf"
