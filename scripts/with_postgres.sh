#!/bin/sh
# Run a command with a throw-away PostgreSQL: with_postgres.sh CMD [ARG…]
# Starts a cluster in a temporary folder on a free port of the loopback, exports HOPTAC_TEST_DATABASE_URL, runs the command,
# stops and removes the cluster. Exit code: the command's own; 2 where no PostgreSQL can be started.
# PostgreSQL refuses to run as root: then it runs as the user in PG_USER (default: postgres, else nobody).
set -eu

[ $# -gt 0 ] || { echo "usage: $0 CMD [ARG…]" >&2; exit 2; }

bin=${PG_BIN:-}
if [ -z "$bin" ]; then
    for candidate in /usr/lib/postgresql/*/bin "$(dirname "$(command -v initdb 2>/dev/null || echo /nowhere/initdb)")"; do
        [ -x "$candidate/initdb" ] && bin=$candidate
    done
fi
[ -n "$bin" ] || { echo "no PostgreSQL found: install postgresql, or set PG_BIN to the folder of initdb" >&2; exit 2; }

folder=$(mktemp -d "${TMPDIR:-/tmp}/hoptac-postgres.XXXXXX")
user=
as() { "$@"; }
if [ "$(id -u)" = 0 ]; then
    user=${PG_USER:-$(id -un postgres 2>/dev/null || echo nobody)}
    chown "$user" "$folder"
    as() { runuser -u "$user" -- "$@"; }
fi
chmod 700 "$folder"

port=$(python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')

stop() {
    status=$?
    trap - EXIT INT TERM
    (cd / && as "$bin/pg_ctl" -D "$folder/data" -m immediate -w stop >/dev/null 2>&1) || true
    rm -rf "$folder"
    exit "$status"
}
trap stop EXIT
trap 'exit 130' INT TERM

start() {
    cd /
    as "$bin/initdb" -D "$folder/data" -U hoptac -A trust -E UTF8 --locale=C -N >"$folder.log" 2>&1 &&
        as "$bin/pg_ctl" -D "$folder/data" -w -t 60 -l "$folder/log" \
            -o "-p $port -c listen_addresses=127.0.0.1 -c unix_socket_directories=$folder -c fsync=off" start >>"$folder.log" 2>&1
}
if ! (start); then
    echo "PostgreSQL did not start:" >&2
    cat "$folder.log" "$folder/log" >&2 2>/dev/null || true
    rm -f "$folder.log"
    exit 2
fi
rm -f "$folder.log"

HOPTAC_TEST_DATABASE_URL="postgres://hoptac@127.0.0.1:$port/postgres"
export HOPTAC_TEST_DATABASE_URL
"$@"
