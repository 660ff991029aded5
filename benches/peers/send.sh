# One request by a whole process, as a person waits for it: recorded in the requests list, which is
# usual, and not recorded. A part of peers.sh.

# program WHAT NAME EXIT-CODE COMMAND…
program() { printf '%s\t%s\t%s\t%s\n' "$1" "$2" "$3" "${*:4}"; }

# sends WHAT URL OURS CURLS XHS [EXIT-CODES]: the same over one way, with the options of each.
sends() {
    local what=$1 url=$2 ours=$3 curls=$4 xhs=$5 codes=(${6:-0 0 0})
    program "send over $what" pgwh "${codes[0]}" "$pgwh send Test -q --url $url $ours"
    program "send over $what, not recorded" pgwh "${codes[0]}" "$pgwh send Test -q --no-record --url $url $ours"
    local both="send over $what;send over $what, not recorded"
    if have curl; then
        program "$both" curl "${codes[1]}" "curl -s -o /dev/null $curls -H Content-Type:application/json --data-binary @$work/body.json $url"
    fi
    if have xh; then
        program "$both" xh "${codes[2]}" "xh -q -I $xhs POST $url Content-Type:application/json --raw '$(cat "$work/body.json")'"
    fi
}

if have nginx; then
    start_nginx 1
    ca=$work/nginx1/ca.pem
    sends http "http://127.0.0.1:$http/" "" "" "" | python3 $here/turns.py "$rounds" 40 >>"$samples"
    sends "https, one CA file" "https://localhost:$https/" "--ca-cert $ca" "--cacert $ca" "--verify $ca" |
        python3 $here/turns.py "$rounds" 40 >>"$samples"
    # Nobody among the system's authorities knows ours: all read them all, and refuse.
    sends "https, system's CAs, to the refusal" "https://localhost:$https/" "" "" "" "3 60 1" |
        python3 $here/turns.py "$rounds" 20 >>"$samples"
fi
