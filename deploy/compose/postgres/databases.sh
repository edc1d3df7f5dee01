#!/bin/sh
# One database and one user for each owner; nobody can enter another's. Runs once, on an empty volume.
set -eu

for owner in intake routing sla kb gateway; do
    variable="MEJA_PASSWORD_$(echo "$owner" | tr '[:lower:]' '[:upper:]')"
    eval "password=\${$variable:?}"
    psql --set ON_ERROR_STOP=1 --username "$POSTGRES_USER" --dbname postgres \
        --set owner="meja_$owner" --set password="$password" <<'SQL'
CREATE ROLE :"owner" LOGIN PASSWORD :'password';
CREATE DATABASE :"owner" OWNER :"owner";
REVOKE CONNECT ON DATABASE :"owner" FROM PUBLIC;
SQL
done
