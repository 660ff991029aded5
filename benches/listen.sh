#!/usr/bin/env bash
# How fast `pgwh listen --save` takes requests, beside nginx answering a constant and a Node
# server that does the same work in one process. Interleaved, so that whatever else the machine
# does hits all three; what counts are the ratios.
#
#   cargo build --release && benches/listen.sh [ROUNDS] [SECONDS]
#
# Needs wrk, nginx and node. Everything listens on 127.0.0.1 only and ends with the script.
set -euo pipefail

rounds=${1:-5}
seconds=${2:-5}
pgwh=${PGWH:-$(dirname "$0")/../target/release/pgwh}
work=$(mktemp -d)
pids=()
finish() {
    for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || true; done
    wait 2>/dev/null || true
    rm -rf "$work"
}
trap finish EXIT

export PGWH_SECRET=correct-horse-battery-staple

# 4000 signed requests with a body of 300 bytes, as a table for wrk.
node - "$work/calls.lua" <<'JS'
const { createHash, randomUUID } = require('node:crypto');
const event = { event: 'ClassesBooked', triggeredDate: new Date().toISOString().slice(0, 19) + 'Z', data: { userId: 48213, timeTableEventId: 90155, note: '' } };
event.data.note = 'x'.repeat(300 - JSON.stringify(event).length);
const body = JSON.stringify(event);
const rows = Array.from({ length: 4000 }, () => {
  const id = randomUUID();
  const signature = createHash('md5').update(`${id}:${process.env.PGWH_SECRET}`).digest('hex');
  return `{"${id}","${signature}"}`;
});
require('node:fs').writeFileSync(process.argv[2], `
local rows = {${rows.join(',')}}
local calls = {}
local body = [[${body}]]
local next = 0
function init()
  for n, row in ipairs(rows) do
    calls[n] = wrk.format("POST", "/pgm", {
      ["Content-Type"] = "application/json", ["X-PerfectGym-Request"] = row[1],
      ["X-PerfectGym-Signature"] = row[2],
    }, body)
  end
end
function request()
  next = next % #calls + 1
  return calls[next]
end
`);
JS

cat >"$work/nginx.conf" <<CONF
worker_processes auto;
pid $work/nginx.pid;
error_log stderr error;
daemon off;
events { worker_connections 1024; }
http {
    access_log off;
    keepalive_requests 1000000000;
    client_body_temp_path $work/nginx-body;
    server {
        listen 127.0.0.1:4191;
        location / { default_type text/plain; return 200 "Ok"; }
    }
}
CONF

cat >"$work/server.mjs" <<'JS'
import { createHash, timingSafeEqual } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { createServer } from 'node:http';
const file = createWriteStream(process.argv[2], { flags: 'a' });
createServer((request, response) => {
  const pieces = [];
  request.on('data', (piece) => pieces.push(piece));
  request.on('end', () => {
    const body = Buffer.concat(pieces).toString();
    const id = request.headers['x-perfectgym-request'];
    const ours = createHash('md5').update(`${id}:${process.env.PGWH_SECRET}`).digest('hex');
    const valid = timingSafeEqual(Buffer.from(ours), Buffer.from(request.headers['x-perfectgym-signature']));
    const { event } = JSON.parse(body);
    const line = JSON.stringify({
      receivedAt: new Date().toISOString(), method: request.method, path: request.url,
      remote: request.socket.remoteAddress, headers: request.headers, body,
    });
    file.write(line + '\n', () => {
      response.writeHead(valid && event ? 200 : 401, { 'content-type': 'text/plain' });
      response.end('Ok');
    });
  });
}).listen(4192, '127.0.0.1');
JS

mkdir "$work/nginx-body"
nginx -p "$work" -c "$work/nginx.conf" & nginx_pid=$!
node "$work/server.mjs" "$work/node.ndjson" & node_pid=$!
pids+=("$nginx_pid" "$node_pid")
"$pgwh" listen --addr 127.0.0.1:4193 --save "$work/pgwh.ndjson" --quiet >"$work/summary" & listener=$!
pids+=("$listener")
for port in 4191 4192 4193; do
    until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do :; done
done

# Requests a second.
load() {
    wrk -t2 -c64 -d"${seconds}s" -s "$work/calls.lua" "http://127.0.0.1:$1/pgm" >"$work/wrk"
    if grep -q 'Non-2xx' "$work/wrk"; then cat "$work/wrk" >&2; exit 1; fi
    awk '/requests in/ { print $1 }' "$work/wrk" >>"$work/answered.$1"
    awk '/Requests\/sec/ { print $2 }' "$work/wrk"
}

# Seconds of processor time that a process and its children have used.
used() { cat /proc/"$1"/stat $(pgrep -P "$1" | sed 's|.*|/proc/&/stat|') | awk -v t="$(getconf CLK_TCK)" '{ sum += $14 + $15 } END { print sum / t }'; }

printf '%-6s %10s %10s %10s   %s\n' round nginx pgwh node 'pgwh/nginx  pgwh/node'
for round in $(seq "$rounds"); do
    nginx=$(load 4191); ours=$(load 4193); node=$(load 4192)
    : >"$work/node.ndjson"
    awk -v r="$round" -v n="$nginx" -v o="$ours" -v j="$node" -v f="$work/ratios" 'BEGIN {
        printf "%-6s %10.0f %10.0f %10.0f   %10.2f %10.2f\n", r, n, o, j, o / n, o / j
        printf "%f %f\n", o / n, o / j >>f }'
done
median() { cut -d' ' -f"$1" "$work/ratios" | sort -n | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
printf 'median: %.2f of nginx, %.2f of node\n' "$(median 1)" "$(median 2)"
cost() {
    awk -v used="$(used "$2")" '{ sum += $1 } END { printf "processor time of %s: %.1f µs a request\n", name, used / sum * 1e6 }' name="$1" "$work/answered.$3"
}
cost nginx "$nginx_pid" 4191
cost pgwh "$listener" 4193
cost node "$node_pid" 4192
awk '/VmHWM/ { printf "memory of pgwh at its peak: %.1f MB\n", $2 / 1024 }' "/proc/$listener/status"

kill -INT "$listener"
wait "$listener" || true
answered=$(awk '{ sum += $1 } END { print sum }' "$work/answered.4193")
saved=$(wc -l <"$work/pgwh.ndjson")
printf 'answered %s, saved %s\n' "$answered" "$saved"
grep requests "$work/summary"
[ "$saved" -ge "$answered" ]
