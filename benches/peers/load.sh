# Load: requests a second over 64 kept connections, the processor time that the client takes for one,
# and its memory, against an nginx with one process and one with a process per core. pgwh makes and
# signs a new request each time; the others send one fixed request. A part of peers.sh.

one() {
    local tool=$1 url=$2 body=$work/body.json
    case $tool in
    pgwh) measured "$pgwh" send Test --no-record --insecure --url "$url" --duration "${seconds}s" --format json ;;
    oha) measured oha --no-tui --insecure -c 64 -z "${seconds}s" -m POST -T application/json -D "$body" --output-format json "$url" ;;
    wrk) measured wrk -t 2 -c 64 -d "${seconds}s" -s "$work/post.lua" "$url" ;;
    ab) measured ab -q -k -c 64 -t "$seconds" -n 100000000 -p "$body" -T application/json "$url" 2>/dev/null ;;
    hey) measured hey -z "${seconds}s" -c 64 -m POST -D "$body" -T application/json "$url" ;;
    autocannon) NODE_TLS_REJECT_UNAUTHORIZED=0 measured autocannon -j -c 64 -d "$seconds" -m POST -i "$body" -H content-type=application/json "$url" 2>/dev/null ;;
    esac
}

# Requests a second, from what the tool printed.
rate() {
    case $1 in
    pgwh) field 'out["requestsPerSecond"]' ;;
    oha) field 'out["summary"]["requestsPerSec"]' ;;
    autocannon) field 'out["requests"]["average"]' ;;
    wrk) awk '/^Requests\/sec/ { print $2 }' "$work/out" ;;
    hey) awk '/Requests\/sec/ { print $2 }' "$work/out" ;;
    ab) awk '/^Requests per second/ { print $4 }' "$work/out" ;;
    esac
}

field() { python3 -c "import json, sys; out = json.load(sys.stdin); print($1)" <"$work/out"; }

if have nginx; then
    printf 'wrk.method = "POST"\nwrk.body = [[%s]]\nwrk.headers["content-type"] = "application/json"\n' \
        "$(cat "$work/body.json")" >"$work/post.lua"
    tools=(pgwh $(installed oha wrk ab hey autocannon))
    for processes in 1 auto; do
        start_nginx $processes
        for url in "http://127.0.0.1:$http/" "https://127.0.0.1:$https/"; do
            what="load over ${url%%:*}, nginx with $([ $processes = 1 ] && echo "one process" || echo "one process per core")"
            for round in $(seq "$rounds"); do
                for tool in $(turns "$round" "${tools[@]}"); do
                    one "$tool" "$url" || { echo "$tool failed" >&2 && exit 1; }
                    rate=$(rate "$tool")
                    read -r wall cpu memory <<<"$used"
                    row "$what" requests/s "$tool" "$round" "$rate"
                    row "$what" "µs of CPU a request" "$tool" "$round" \
                        "$(calculate 'cpu * 1e6 / (rate * seconds)' cpu="$cpu" rate="$rate" seconds="$seconds")"
                    row "$what" "MB of memory" "$tool" "$round" "$memory"
                done
            done
        done
    done
fi
