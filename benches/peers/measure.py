#!/usr/bin/env python3
"""Runs a command once and writes what it took: `measure.py FILE COMMAND…` writes the seconds, the
seconds of processor time and the most memory in MB. Ends as the command ended."""

import os
import select
import sys
import time


def peak(pid):
    """So far. What the system tells of it at the end counts the memory of this Python, too."""
    lines = open(f"/proc/{pid}/status").read().split("\n")
    return max((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), default=0)


file, command = sys.argv[1], sys.argv[2:]
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ)
end, memory = os.pidfd_open(pid), 0
while not select.select([end], [], [], 0.01)[0]:
    memory = max(memory, peak(pid))
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
with open(file, "w") as out:
    print(wall, usage.ru_utime + usage.ru_stime, memory, file=out)
sys.exit(os.waitstatus_to_exitcode(status))
