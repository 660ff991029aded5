#!/usr/bin/env bash
# Load: signed requests a second over 64 connections, beside the usual tools where they are
# installed (oha, wrk, ab), which send one fixed request. In turn, several rounds, against an nginx
# that answers "Ok". What counts are the ratios.
#
#   cargo build --release && benches/load.sh [ROUNDS] [SECONDS]
set -euo pipefail
cd "$(dirname "$0")/.."
rounds=${1:-5}
seconds=${2:-2}
pgwh=${PGWH:-target/release/pgwh}
export PGWH_SECRET=correct-horse-battery-staple

work=$(mktemp -d)
nginx=$(benches/nginx.sh 18080 18443 "$work")
trap 'kill "$nginx" 2>/dev/null; rm -rf "$work"' EXIT
body=$("$pgwh" sign Test --as json | python3 -c 'import json, sys; print(json.load(sys.stdin)["body"])')
printf %s "$body" >"$work/body.json"
printf 'wrk.method = "POST"\nwrk.body = [[%s]]\n' "$body" >"$work/post.lua"

one() {
    local tool=$1 url=$2
    case $tool in
    pgwh) "$pgwh" send Test --no-record --insecure --url "$url" --duration "${seconds}s" --format json |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["requestsPerSecond"])' ;;
    oha) oha --no-tui --insecure -c 64 -z "${seconds}s" -m POST -D "$work/body.json" --output-format json "$url" |
        python3 -c 'import json, sys; print(json.load(sys.stdin)["summary"]["requestsPerSec"])' ;;
    wrk) wrk -t 2 -c 64 -d "${seconds}s" -s "$work/post.lua" "$url" | awk '/Requests\/sec/ { print $2 }' ;;
    ab) ab -q -k -c 64 -t "$seconds" -n 100000000 -p "$work/body.json" -T application/json "$url" 2>/dev/null |
        awk '/Requests per second/ { print $4 }' ;;
    esac
}

for url in http://127.0.0.1:18080/ https://127.0.0.1:18443/; do
    for _ in $(seq "$rounds"); do
        for tool in pgwh oha wrk ab; do
            command -v "$tool" >/dev/null || [ "$tool" = pgwh ] || continue
            /usr/bin/time -f '%U %S' -o "$work/time" bash -c "$(declare -f one); $(declare -p pgwh work seconds); one $tool $url" >"$work/rate"
            echo "$tool $(cat "$work/rate") $(cat "$work/time") $seconds"
        done
    done | python3 -c '
import collections, statistics, sys
rates, cpu = collections.defaultdict(list), collections.defaultdict(list)
for line in sys.stdin:
    tool, rate, user, system, seconds = line.split()
    rates[tool].append(float(rate))
    cpu[tool].append((float(user) + float(system)) * 1e6 / (float(rate) * float(seconds)))
base = rates.get("oha") or rates["pgwh"]
print(sys.argv[1])
for tool in rates:
    ratio = statistics.median(a / b for a, b in zip(rates[tool], base))
    print(f"  {tool:5} {statistics.median(rates[tool]):9.0f}/s  {ratio:4.2f} x  {statistics.median(cpu[tool]):5.1f} us of CPU a request")
' "$url"
done
