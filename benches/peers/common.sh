# What the parts of peers.sh share.

# Ends what was started, and nothing else.
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}

# Whether a program is installed; if not, it is noted.
have() {
    command -v "$1" >/dev/null && return
    grep -qx "$1" "$missing" || echo "$1" >>"$missing"
    return 1
}

# Those of the programs that are installed.
installed() { for program; do if have "$program"; then echo "$program"; fi; done; }

# The programs in the order of a round: each comes first, and last, equally often.
turns() {
    local first=$(($1 % ($# - 1)))
    shift
    echo "${@:first+1}" "${@:1:first}"
}

# row WHAT UNIT PROGRAM ROUND VALUE
row() { (IFS=$'\t' && echo "$*") >>"$samples"; }

# Runs a command as measure.py does: its numbers are in $used afterwards, its output in $work/out.
measured() {
    python3 $here/measure.py "$work/used" "$@" >"$work/out"
    used=$(cat "$work/used")
}

# calculate 'EXPRESSION' NAME=VALUE…
calculate() {
    local expression=$1 values=()
    shift
    for value; do values+=(-v "$value"); done
    awk "${values[@]}" "BEGIN { printf \"%.9g\n\", $expression }"
}

# A port that is free.
free_port() { python3 -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])'; }

# Waits until somebody listens on a port, 5 seconds at most.
await() {
    for _ in $(seq 100); do
        if (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; then return; fi
        sleep 0.05
    done
    echo "nobody listens on port $1" >&2
    return 1
}

# An nginx of our own that answers "Ok", with so many processes; one for all parts with that
# number. Its ports are in $http and $https, its pid in $nginx.
start_nginx() {
    local folder=$work/nginx$1
    if [ ! -f "$folder/ports" ]; then
        http=$(free_port) https=$(free_port)
        $here/nginx.sh "$folder" "$http" "$https" "$1"
        (cd "$folder" && exec nginx -p "$folder" -c "$folder/nginx.conf" -e "$folder/error.log") &
        pids+=($!)
        await "$http"
        echo "$http $https $!" >"$folder/ports"
    fi
    read -r http https nginx <"$folder/ports"
}

# What the programs are, as each of them says it.
versions() {
    "$pgwh" --version
    local tool
    for tool in oha xh hey autocannon nginx curl wrk ab node python3; do
        command -v $tool >/dev/null || continue
        case $tool in
        ab) ab -V ;;
        wrk | nginx) $tool -v ;;
        *) $tool --version ;;
        esac 2>&1 | grep -o '[0-9][0-9]*\.[0-9][0-9.]*' | sed -n "1s/^/$tool /p"
    done || true
}
