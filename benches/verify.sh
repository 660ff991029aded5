#!/usr/bin/env bash
# A million captures verified by Node, by Python and by pgwh, in turn, in one run. Needs node,
# python3 and GNU time. Quote the ratios: machines differ. COUNT and ROUNDS change the size, and
# WITHOUT_PYTHON=1 shortens it; the files (some 700 MB of each shape) go to a temporary folder.
set -euo pipefail
cd "$(dirname "$0")/.."
count=${COUNT:-1000000} rounds=${ROUNDS:-5} secret=kettlebell-42
pgwh=${PGWH:-target/release/pgwh}
[ -n "${PGWH:-}" ] || cargo build --release --quiet

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

timed() {
    local name=$1
    shift
    # pgwh exits with 1, as 1 % of the captures are invalid.
    /usr/bin/time -f "$name %e %U %S %M" -a -o "$work/times" "$@" > "$work/$name.out" || [ $? = 1 ]
}

compare() {
    local shape=$1 file=$work/$1.ndjson
    python3 benches/captures.py "$count" "$secret" "$shape" > "$file"
    : > "$work/times"
    for _ in $(seq "$rounds"); do
        timed node node benches/verify.js "$file" "$secret"
        [ -n "${WITHOUT_PYTHON:-}" ] || timed python python3 benches/verify.py "$file" "$secret"
        PGWH_SECRET=$secret timed pgwh "$pgwh" verify "$file"
    done
    python3 - "$shape" "$file" "$count" "$work" <<'PY'
import collections, json, os, re, statistics, sys
shape, file, count, work = sys.argv[1], sys.argv[2], int(sys.argv[3]), sys.argv[4]
runs = collections.defaultdict(list)
for line in open(f"{work}/times"):
    # GNU time tells of a status other than 0 on a line of its own.
    if not line.startswith("Command exited"):
        name, *numbers = line.split()
        runs[name].append([float(number) for number in numbers])
middle = {n: [statistics.median(column) for column in zip(*r)] for n, r in runs.items()}
size = os.path.getsize(file)
print(f"\n{shape}: {count} captures, {size / 1e6:.0f} MB, {os.cpu_count()} cores, median of {len(runs['pgwh'])}")
print("          seconds  captures/s    MB/s  x node  CPU us/capture  x node  peak MB")
node = middle["node"]
for name, (wall, user, system, peak) in middle.items():
    cpu, ratio = (user + system) / count * 1e6, (node[1] + node[2]) / (user + system)
    print(f"  {name:7} {wall:8.2f} {count / wall:11.0f} {size / wall / 1e6:7.0f} {node[0] / wall:7.1f}"
          f" {cpu:15.2f} {ratio:7.1f} {peak / 1024:8.0f}")
theirs = [json.load(open(f"{work}/{name}.out")) for name in middle if name != "pgwh"]
ours = open(f"{work}/pgwh.out").read()
valid, invalid = theirs[0]["valid"], theirs[0]["invalid"]
assert all(one == theirs[0] for one in theirs) and f": {valid:,} valid, {invalid:,} invalid" in ours, ours[-500:]
PY
}

compare own
compare other
