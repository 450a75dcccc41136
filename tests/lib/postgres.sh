#!/usr/bin/env bash
# A private PostgreSQL cluster for tests: temporary folder, a Unix socket in it and no TCP port, gone afterwards.
#   tests/lib/postgres.sh run COMMAND…   start, run COMMAND with ANSWERABLE_TEST_POSTGRES set to its address, stop
#   . tests/lib/postgres.sh; postgres_start; …; postgres_stop      the same in a script (postgres_stop is yours to trap)
# The database "answerable" is empty and owned by the role in the string, which has no other right (docs/operations/
# database.md); the role "owner" may do everything. Commits are not flushed to disk (a test that
# pulls PostgreSQL's plug sets ANSWERABLE_TEST_FSYNC=on). PostgreSQL refuses root: then it runs as postgres, or nobody.

postgres_bin() {
  local found
  found=$(ls -d /usr/lib/postgresql/*/bin 2>/dev/null | sort -V | tail -n 1)
  [ -n "$found" ] || { echo "postgres.sh: PostgreSQL is not installed: script/bootstrap --test" >&2; return 1; }
  echo "$found"
}

postgres_as() {
  if [ "$(id -u)" -ne 0 ]; then
    "$@"
  else
    setpriv --reuid="$postgres_user" --regid="$(id -g "$postgres_user")" --clear-groups -- "$@"
  fi
}

postgres_start() {
  local bin
  bin=$(postgres_bin) || return 1
  postgres_user=$(id -un)
  if [ "$(id -u)" -eq 0 ]; then
    postgres_user=postgres
    id postgres >/dev/null 2>&1 || postgres_user=nobody
  fi
  postgres_dir=$(mktemp -d /tmp/answerable-pg.XXXXXX)
  chmod 755 "$postgres_dir"
  mkdir "$postgres_dir/socket" "$postgres_dir/data"
  [ "$(id -u)" -ne 0 ] || chown -R "$postgres_user" "$postgres_dir"
  chmod 700 "$postgres_dir/data"
  (
    cd / && postgres_as "$bin/initdb" -D "$postgres_dir/data" -U owner -A trust -E UTF8 --locale=C.UTF-8 \
      --no-sync --no-instructions
  ) >"$postgres_dir/initdb.log" 2>&1 || { cat "$postgres_dir/initdb.log" >&2; rm -rf "$postgres_dir"; return 1; }
  cat >>"$postgres_dir/data/postgresql.conf" <<CONF
listen_addresses = ''
unix_socket_directories = '$postgres_dir/socket'
fsync = ${ANSWERABLE_TEST_FSYNC:-off}
synchronous_commit = ${ANSWERABLE_TEST_FSYNC:-off}
full_page_writes = ${ANSWERABLE_TEST_FSYNC:-off}
max_connections = 60
shared_buffers = 64MB
autovacuum = off
timezone = 'UTC'
CONF
  (cd / && postgres_as "$bin/pg_ctl" -D "$postgres_dir/data" -w -t 30 -s -l "$postgres_dir/data/server.log" start \
    </dev/null >/dev/null 2>&1) || { cat "$postgres_dir/data/server.log" >&2; postgres_stop; return 1; }
  psql -q -X -v ON_ERROR_STOP=1 -h "$postgres_dir/socket" -U owner -d postgres <<SQL || { postgres_stop; return 1; }
create role answerable login nosuperuser nocreatedb nocreaterole noreplication;
create database answerable owner answerable;
revoke all on database answerable from public;
SQL
  export ANSWERABLE_TEST_POSTGRES="postgresql://answerable@/answerable?host=$postgres_dir/socket"
}

postgres_stop() {
  [ -n "${postgres_dir:-}" ] || return 0
  (cd / && postgres_as "$(postgres_bin)/pg_ctl" -D "$postgres_dir/data" -m immediate -w -s stop >/dev/null 2>&1) || true
  rm -rf "$postgres_dir"
  postgres_dir=
  unset ANSWERABLE_TEST_POSTGRES
}

if [ "${BASH_SOURCE[0]}" = "$0" ]; then
  [ "${1:-}" = run ] && [ $# -ge 2 ] || { sed -n '2,7s/^# \{0,1\}//p' "$0" >&2; exit 2; }
  shift
  trap postgres_stop EXIT
  trap 'exit 130' INT
  trap 'exit 143' TERM
  postgres_start || exit 1
  status=0
  "$@" || status=$?
  exit "$status"
fi
