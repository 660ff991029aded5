#!/usr/bin/env bash
# Whole processes side by side in one run: what a person waits for. Needs hyperfine, nginx,
# openssl and curl. Quote the ratios: machines differ.
set -euo pipefail
cd "$(dirname "$0")/.."
unset SSL_CERT_FILE SSL_CERT_DIR CURL_CA_BUNDLE RUST_BACKTRACE
export PGWH_SECRET=correct-horse-battery-staple
runs=${RUNS:-100}

cargo build --release --quiet
cargo build --release --quiet --manifest-path benches/bare-signer/Cargo.toml
pgwh=target/release/pgwh
bare=benches/bare-signer/target/release/bare-signer

work=$(mktemp -d)
nginx=$(benches/nginx.sh 18080 18443 "$work")
trap 'kill "$nginx" 2>/dev/null; rm -rf "$work"' EXIT
export PGWH_STATE_DIR=$work/state

body=$work/body.json
$pgwh sign Test --as json | sed 's/.*"body":"\(.*\)"}$/\1/; s/\\"/"/g' > "$body"

compare() {
    local title=$1
    shift
    hyperfine --ignore-failure --shell=none --warmup 5 --runs "$runs" --export-json "$work/out.json" "$@" >/dev/null 2>&1
    python3 - "$title" "$work/out.json" <<'PY'
import json, sys
rows = json.load(open(sys.argv[2]))["results"]
base = rows[-1]["median"]
print(f"\n{sys.argv[1]}")
for row in rows:
    words = row["command"].split()
    print(f"  {row['median'] * 1000:7.2f} ms  {row['median'] / base:5.2f} x  {words[0].split('/')[-1]} {words[1]}")
PY
}

compare "sign, against a signer that only signs" \
    "$pgwh sign --request-id 1" "$bare --request-id 1"
compare "send over http, against curl" \
    "$pgwh send Test -q --url http://127.0.0.1:18080/" \
    "curl -s -o /dev/null -H Content-Type:application/json --data-binary @$body http://127.0.0.1:18080/"
compare "send over https with one CA file, against curl" \
    "$pgwh send Test -q --url https://localhost:18443/ --ca-cert $work/ca.pem" \
    "curl -s -o /dev/null --cacert $work/ca.pem -H Content-Type:application/json --data-binary @$body https://localhost:18443/"
# Nobody among the system's authorities knows ours: both read them all, and both are refused.
compare "https with the system's authorities, up to the refusal, against curl" \
    "$pgwh send Test -q --url https://localhost:18443/" \
    "curl -s -o /dev/null -H Content-Type:application/json --data-binary @$body https://localhost:18443/"
