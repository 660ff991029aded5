# Verifying a file of captures, beside what one would write in Node and in Python: in pgwh's own
# format without and with spaces, and in that of other tools. All must count the same.
# A part of peers.sh.

secret=kettlebell-42

verified() {
    case $1 in
    node) measured node $here/verify.js "$file" $secret ;;
    python3) measured python3 $here/verify.py "$file" $secret ;;
    # 1, as 1 % of the captures are invalid.
    pgwh) PGWH_SECRET=$secret measured "$pgwh" verify "$file" || [ $? = 1 ] ;;
    esac
}

# How many were valid, from what the program printed.
valid() {
    case $1 in
    pgwh) grep -o '[0-9,]\+ valid' "$work/out" | tail -1 | tr -d ', a-z' ;;
    *) python3 -c 'import json, sys; print(json.load(sys.stdin)["valid"])' <"$work/out" ;;
    esac
}

file=$work/captures.ndjson
for shape in own spaces other; do
    python3 $here/captures.py "$captures" $secret $shape >"$file"
    case $shape in
    own) what="verify, its own format" ;;
    spaces) what="verify, its own format with spaces" ;;
    other) what="verify, another tool's lines" ;;
    esac
    for round in $(seq "$rounds"); do
        for tool in $(turns "$round" pgwh $(installed node) python3); do
            verified "$tool"
            [ "$(valid "$tool")" = $((captures - (captures + 99) / 100)) ] || { tail "$work/out" >&2 && exit 1; }
            read -r wall cpu memory <<<"$used"
            row "$what" captures/s "$tool" "$round" "$(calculate 'n / wall' n="$captures" wall="$wall")"
            row "$what" "µs of CPU a capture" "$tool" "$round" "$(calculate 'cpu * 1e6 / n' n="$captures" cpu="$cpu")"
            row "$what" "MB of memory" "$tool" "$round" "$memory"
        done
    done
    rm "$file"
done
