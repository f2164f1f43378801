#!/bin/sh
# Runs once, when the postgres image makes its database: the owner, who migrates, and the role the
# portal runs as, which may use the tables and nothing else (docs/adr/0004).
set -eu
: "${PORTAL_OWNER_PASSWORD_FILE:?is not set}" "${PORTAL_APP_PASSWORD_FILE:?is not set}"
# psql reads the files itself: a password among the arguments is in every process list.
psql --no-psqlrc --quiet --set=ON_ERROR_STOP=1 --username="${POSTGRES_USER:-postgres}" --dbname=postgres <<'SQL'
\set owner_password `cat "$PORTAL_OWNER_PASSWORD_FILE"`
\set app_password `cat "$PORTAL_APP_PASSWORD_FILE"`
-- A failing line must not take its password to the log.
SET log_min_error_statement = panic;
CREATE ROLE portal_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE portal_app LOGIN PASSWORD :'app_password';
CREATE DATABASE samskaping OWNER portal_owner;
REVOKE ALL ON DATABASE samskaping FROM PUBLIC;
GRANT CONNECT ON DATABASE samskaping TO portal_app;
SQL
