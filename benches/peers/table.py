#!/usr/bin/env python3
"""Prints what was measured as a table: `table.py SAMPLES MISSING ROUNDS VERSIONS`. A line of the
samples says what was measured, in which unit, of which program, in which round, and the value."""

import collections
import datetime
import os
import platform
import statistics
import sys
import textwrap

samples, missing, rounds, versions = sys.argv[1:]

# Those that do most nearly the same come first.
PEERS = "oha wrk ab hey autocannon curl xh nginx nginx-auto node python3".split()


def median(values):
    value = statistics.median(values)
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}" if value >= 10 else f"{value:.2f}"


def machine():
    models = [line for line in open("/proc/cpuinfo") if line.startswith("model name")]
    model = " ".join(models[0].split(":")[1].split()) if models else platform.machine()
    return f"{model}, {os.cpu_count()} cores, {platform.system()} {platform.release()}"


# What and unit -> program -> round -> value, all in the order in which they came.
measured = collections.defaultdict(lambda: collections.defaultdict(dict))
units = collections.defaultdict(dict)
for line in open(samples):
    what, unit, program, number, value = line.rstrip("\n").split("\t")
    measured[what, unit][program][int(number)] = float(value)
    units[what][unit] = True

rows = [("", "pgwh", "other", "", "ratio", "least", "most")]
for what, its_units in units.items():
    rows.append((what,))
    for unit in its_units:
        programs = measured[what, unit]
        ours, label = programs["pgwh"], "  " + unit
        known = [name for name in PEERS if name in programs]
        others = [name for name in programs if name not in ["pgwh", *known]]
        for name in [*others, *known]:
            theirs = programs[name]
            ratios = [ours[number] / theirs[number] for number in ours]
            row = (label, median(ours.values()), name, median(theirs.values()))
            rows.append(row + tuple(f"{f(ratios):.2f}" for f in (statistics.median, min, max)))
            label = ""
        if label:
            rows.append((label, median(ours.values()), "", "", "", "", ""))

print("machine   ", machine())
print("date      ", f"{datetime.date.today()}, rounds: {rounds}, everything on 127.0.0.1")
print(textwrap.fill(", ".join(versions.split("\n")), 100, initial_indent="programs   ", subsequent_indent=" " * 11))
absent = open(missing).read().split()
if absent:
    print("left out  ", ", ".join(absent), "(not installed)")
print("ratio     ", "pgwh / other in the same round: their median, least and most. More is better")
print("           of what is counted a second, less of the rest")
print()
widths = [max(len(row[n]) for row in rows if len(row) > max(n, 1)) for n in range(7)]
for row in rows:
    left = (0, 2)
    cells = [f"{c:<{w}}" if n in left else f"{c:>{w}}" for n, (c, w) in enumerate(zip(row, widths))]
    print("  ".join(cells).rstrip())
