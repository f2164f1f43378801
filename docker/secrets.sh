#!/bin/sh
# Makes the secrets docker-compose.yml reads, with random content: sh docker/secrets.sh [folder]
# MAIL_URL and SMS_HEADERS in the environment become what is in their files; they can be written there later, too.
# Nothing that exists is replaced, so it may be run again.
set -eu
folder="${1:-secrets}"
postgres="${POSTGRES_ADDRESS:-postgres:5432}"
redis="${REDIS_ADDRESS:-redis:6379}"
umask 077
mkdir -p "$folder"
# Whatever git is told, secrets never go in.
echo '*' > "$folder/.gitignore"

random() { od -An -N32 -tx1 /dev/urandom | tr -d ' \n'; }
# Written whole or not at all. The files can be read by all, since each container has its own user;
# the folder (0700) keeps others on this machine out.
keep() {
    [ -e "$folder/$1" ] && return
    printf '%s\n' "$2" > "$folder/.$1"
    chmod 0444 "$folder/.$1"
    mv "$folder/.$1" "$folder/$1"
}

keep secret_key "$(random)"
keep postgres_password "$(random)"
keep portal_owner_password "$(random)"
keep portal_app_password "$(random)"
keep redis_password "$(random)"
keep database_url "postgresql://portal_app:$(cat "$folder/portal_app_password")@$postgres/samskaping"
keep database_owner_url "postgresql://portal_owner:$(cat "$folder/portal_owner_password")@$postgres/samskaping"
keep redis_url "redis://:$(cat "$folder/redis_password")@$redis/0"
keep mail_url "${MAIL_URL:-}"
keep sms_headers "${SMS_HEADERS:-}"
