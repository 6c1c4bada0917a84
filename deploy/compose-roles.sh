#!/usr/bin/env bash
# Runs once, when PostgreSQL's folder is new: the role of the servers, which owns nothing. `rushes migrate
# --application-role rushes_application` gives it its rights.
set -euo pipefail
psql --set=ON_ERROR_STOP=1 --set=password="$RUSHES_APPLICATION_PASSWORD" \
    --username="$POSTGRES_USER" --dbname="$POSTGRES_DB" <<'SQL'
CREATE ROLE rushes_application LOGIN PASSWORD :'password';
SQL
