#!/usr/bin/env python3
"""Runs a command once and writes what it took: `measure.py FILE COMMAND…` writes the seconds, the
seconds of processor time and the most memory in MB. Ends as the command ended."""

import os
import sys
import time

file, command = sys.argv[1], sys.argv[2:]
start = time.perf_counter()
pid = os.posix_spawnp(command[0], command, os.environ)
_, status, usage = os.wait4(pid, 0)
wall = time.perf_counter() - start
with open(file, "w") as out:
    # The memory is that of this Python at the least (some 10 MB), which the system counts in.
    print(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, file=out)
sys.exit(os.waitstatus_to_exitcode(status))
