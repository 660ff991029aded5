# `pgwh listen --save`, which verifies and saves each request before it answers, beside nginx, which
# answers a constant (one process, as it comes, and one for each processor), and a Node server that
# does the same work. wrk calls them, over 64 connections. A part of peers.sh.

# Seconds of processor time that a process and its children have used.
spent() {
    cat /proc/"$1"/stat $(pgrep -P "$1" | sed 's|.*|/proc/&/stat|') |
        awk -v t="$(getconf CLK_TCK)" '{ sum += $14 + $15 } END { print sum / t }'
}

peak() { awk '/VmHWM/ { print $2 / 1024 }' "/proc/$1/status"; }

called() {
    local tool=$1 pid=$2 port=$3 before answered
    before=$(spent "$pid")
    wrk -t2 -c64 -d"${seconds}s" -s "$work/calls.lua" "http://127.0.0.1:$port/pgm" >"$work/out"
    if grep -q 'Non-2xx' "$work/out"; then cat "$work/out" >&2; exit 1; fi
    answered=$(awk '/requests in/ { print $1 }' "$work/out")
    [ "$tool" != pgwh ] || total=$((total + answered))
    row "listen --save" requests/s "$tool" "$round" "$(awk '/Requests\/sec/ { print $2 }' "$work/out")"
    row "listen --save" "µs of CPU a request" "$tool" "$round" \
        "$(calculate '(after - before) * 1e6 / n' after="$(spent "$pid")" before="$before" n="$answered")"
    [[ $tool = nginx* ]] || row "listen --save" "MB of memory" "$tool" "$round" "$(peak "$pid")"
}

if have wrk; then
    python3 $here/calls.py >"$work/calls.lua"
    saved=$work/saved.ndjson port=$(free_port) total=0
    "$pgwh" listen --addr "127.0.0.1:$port" --save "$saved" --quiet >"$work/summary" &
    listener=$!
    pids+=("$listener")
    await "$port"
    tools=(pgwh $(installed nginx node))
    if have nginx; then
        tools+=(nginx-auto)
        start_nginx 1; nginx_port=$http one=$nginx
        start_nginx auto; auto_port=$http auto=$nginx
    fi
    if have node; then
        node_port=$(free_port)
        node $here/server.mjs "$node_port" "$work/node.ndjson" &
        node=$!
        pids+=("$node")
        await "$node_port"
    fi
    for round in $(seq "$rounds"); do
        for tool in $(turns "$round" "${tools[@]}"); do
            case $tool in
            pgwh) called pgwh "$listener" "$port" ;;
            nginx) called nginx "$one" "$nginx_port" ;;
            nginx-auto) called nginx-auto "$auto" "$auto_port" ;;
            node) called node "$node" "$node_port" && : >"$work/node.ndjson" ;;
            esac
        done
    done
    kill -INT "$listener"
    wait "$listener" || true
    # What was answered was saved.
    lines=$(wc -l <"$saved")
    [ "$lines" -ge "$total" ] || { echo "answered $total, saved $lines" >&2 && exit 1; }
    rm -f "$saved" "$work/node.ndjson"
fi
