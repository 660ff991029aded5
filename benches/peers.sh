#!/usr/bin/env bash
# pgwh beside other programs that do the same work, on this machine, in one run, as one table.
#
#   benches/peers.sh [--rounds N] [--seconds N] [--captures N] [load|send|sign|verify|listen]…
#
# Without a part, all of them. In every round each program has its turn, so that whatever else the
# machine does hits all alike. A program that is not installed is left out, and named. Everything
# is on 127.0.0.1 and ends with the script. benches/README.md says what each part does.
set -euo pipefail
cd "$(dirname "$0")/.."
here=benches/peers
source $here/common.sh

rounds=5 seconds=2 captures=200000 parts=()
while [ $# -gt 0 ]; do
    case $1 in
    --rounds) rounds=$2 && shift ;;
    --seconds) seconds=$2 && shift ;;
    --captures) captures=$2 && shift ;;
    load | send | sign | verify | listen) parts+=("$1") ;;
    *) sed -n '2,/^set/s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
    esac
    shift
done
[ ${#parts[@]} -gt 0 ] || parts=(load send sign verify listen)

# What would have the programs look elsewhere, or say more than usual.
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE RUST_BACKTRACE PGWH_FIXTURES PGWH_CONFIG
unset http_proxy https_proxy all_proxy HTTP_PROXY HTTPS_PROXY ALL_PROXY
export PGWH_SECRET=correct-horse-battery-staple
command -v python3 >/dev/null || { echo "python3 is needed: it measures" >&2 && exit 1; }
pgwh=${PGWH:-${CARGO_TARGET_DIR:-target}/release/pgwh}
[ -n "${PGWH:-}" ] || cargo build --release --quiet

work=$(mktemp -d)
pids=()
trap finish EXIT
export PGWH_STATE_DIR=$work/state
samples=$work/samples missing=$work/missing
touch "$samples" "$missing"
"$pgwh" sign Test --as json | python3 -c 'import json, sys; print(end=json.load(sys.stdin)["body"])' >"$work/body.json"

for part in "${parts[@]}"; do
    source "$here/$part.sh"
done
python3 $here/table.py "$samples" "$missing" "$rounds" "$(versions)"
