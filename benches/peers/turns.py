#!/usr/bin/env python3
"""Whole processes side by side, as a person waits for them: `turns.py ROUNDS RUNS`. Each line of
stdin is a program: what is measured (several with ;), its name, its exit code, its command, with
tabs between. Each round runs each of them RUNS times, in turn; its value is the median. Where GNU
time is installed, one more run in each round measures the peak memory."""

import os
import shlex
import statistics
import subprocess
import sys
import time

GNU_TIME = "/usr/bin/time"
rounds, runs = int(sys.argv[1]), int(sys.argv[2])
programs = []
for line in sys.stdin:
    what, name, code, command = line.rstrip("\n").split("\t")
    programs.append((what.split(";"), name, int(code), shlex.split(command)))
nothing = os.open(os.devnull, os.O_RDWR)
quiet = [(os.POSIX_SPAWN_DUP2, nothing, fd) for fd in (0, 1, 2)]


def run(code, command):
    start = time.perf_counter()
    pid = os.posix_spawnp(command[0], command, os.environ, file_actions=quiet)
    _, status = os.waitpid(pid, 0)
    wall = time.perf_counter() - start
    ended = os.waitstatus_to_exitcode(status)
    if ended != code:
        sys.exit(f"{shlex.join(command)} ended with {ended}, not {code}")
    return wall * 1000


def peak(command):
    """In MB. GNU time forks from a small process; from here, the child would inherit our peak."""
    timed = [GNU_TIME, "--quiet", "--format=%M", *command]
    errors = subprocess.run(timed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True).stderr
    return int(errors.split()[-1]) / 1024


for _, _, code, command in programs:
    run(code, command)
for number in range(rounds):
    times = [[] for _ in programs]
    for turn in range(runs):
        for place in range(len(programs)):
            place = (place + turn) % len(programs)
            times[place].append(run(*programs[place][2:]))
    for (whats, name, _, command), taken in zip(programs, times):
        values = {"ms": statistics.median(taken)}
        if os.path.exists(GNU_TIME):
            values["MB of memory"] = peak(command)
        for what in whats:
            for unit, value in values.items():
                print(what, unit, name, number + 1, value, sep="\t")
