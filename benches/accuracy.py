#!/usr/bin/env python3
"""Whether the numbers of a load run are true, beside a target of known delays:

    cargo build --release && benches/accuracy.py [PGWH]

The target measures itself from the last byte of a request to the first of its answer. What pgwh
reports must be within 2 % or 1 ms of that, and a pace within 1 % of its schedule. Ends with 1 when
something is not: then look first whether the machine was quiet. Python 3 is all it needs."""

import json
import math
import mmap
import os
import select
import signal
import socket
import struct
import subprocess
import sys
import time

PGWH = sys.argv[1] if len(sys.argv) > 1 else "target/release/pgwh"
ANSWER = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nOk"
now = time.perf_counter


def requests(connection, buffered=b""):
    """Reads the requests of a connection; gives for each the time of its last byte."""
    while True:
        while b"\r\n\r\n" not in buffered:
            buffered += (piece := connection.recv(65536))
            if not piece:
                return
        head, _, buffered = buffered.partition(b"\r\n\r\n")
        length = next(int(l[15:]) for l in head.lower().split(b"\r\n") if l.startswith(b"content-length:"))
        while len(buffered) < length:
            buffered += connection.recv(65536)
        buffered = buffered[length:]
        yield now()


class Delaying:
    """A process a connection; each 50th request of a connection takes longer. Waits by the clock:
    asleep until shortly before, then looking at it."""

    def __init__(self, connections, usual, longer, each):
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.pipe, out = os.pipe()
        self.children = []
        for _ in range(connections):
            if (pid := os.fork()) == 0:
                os.close(self.pipe)
                self.serve(out, usual, longer, each)
                os._exit(0)
            self.children.append(pid)
        os.close(out)

    def serve(self, out, usual, longer, each):
        connection, _ = self.listener.accept()
        connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        truths = []
        for number, came in enumerate(requests(connection), 1):
            due = came + (longer if number % each == 0 else usual)
            time.sleep(max(0, due - now() - 0.002))
            while now() < due:
                pass
            truths.append((came, now()))
            connection.sendall(ANSWER)
        for truth in truths:
            os.write(out, struct.pack("dd", *truth))

    def truths(self):
        """When each request came and was answered, once the caller has gone."""
        self.listener.close()
        with open(self.pipe, "rb") as pipe:
            data = pipe.read()
        for pid in self.children:
            os.waitpid(pid, 0)
        return [struct.unpack_from("dd", data, at) for at in range(0, len(data), 16)]


class Stalling:
    """One process for all connections, which answers at once, but sleeps before the answer to one
    request, as a collector of garbage would."""

    def __init__(self, stalled, length):
        listener = socket.create_server(("127.0.0.1", 0), backlog=1024)
        self.port = listener.getsockname()[1]
        self.memory = mmap.mmap(-1, 16 * 100_000)
        if (pid := os.fork()) == 0:
            self.serve(listener, stalled, length)
        self.pid = pid
        listener.close()

    def serve(self, listener, stalled, length):
        poll = select.epoll()
        poll.register(listener, select.EPOLLIN)
        connections, count = {}, 0
        while True:
            for fd, _ in poll.poll():
                if fd == listener.fileno():
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    connections[connection.fileno()] = connection, requests(connection)
                    poll.register(connection, select.EPOLLIN)
                    continue
                connection, coming = connections[fd]
                came = next(coming, None)
                if came is None:
                    poll.unregister(fd)
                    connections.pop(fd)[0].close()
                    continue
                if count == stalled:
                    time.sleep(length)
                struct.pack_into("dd", self.memory, 16 * (count + 1), came, now())
                count += 1
                struct.pack_into("q", self.memory, 0, count)
                connection.sendall(ANSWER)

    def truths(self):
        os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        count = struct.unpack_from("q", self.memory)[0]
        return [struct.unpack_from("dd", self.memory, 16 * (n + 1)) for n in range(count)]


def run(port, *load):
    command = [PGWH, "send", "Test", "--no-record", "--url", f"http://127.0.0.1:{port}/", "-q", "--format", "json"]
    environment = {**os.environ, "PGWH_SECRET": "correct-horse-battery-staple"}
    done = subprocess.run([*command, *load], env=environment, stdout=subprocess.PIPE, check=True)
    return json.loads(done.stdout)


def percentile(times, share):
    """By nearest rank."""
    return sorted(times)[max(math.ceil(share * len(times)), 1) - 1]


bad = False


def compare(what, reported, true, share, least):
    """A row; times in seconds."""
    global bad
    fits = abs(reported - true) <= max(share * true, least)
    bad |= not fits
    off = f"{(reported - true) * 1e3:+8.2f} ms"
    off += f" {(reported / true - 1) * 100:+7.2f} %" if true > 0.001 else ""
    row = f"  {what:<28} {reported * 1e3:10.2f} ms {true * 1e3:10.2f} ms {off}"
    print(row + ("" if fits else "  TOO FAR"))


def heading(text):
    print(f"\n{text}\n  {'':<28} {'reported':>13} {'true':>13} {'off':>11}")


def percentiles(report, times):
    for name, share in [("p50", 0.5), ("p90", 0.9), ("p99", 0.99), ("max", 1)]:
        compare(name, report["latencyMs"][name] / 1e3, percentile(times, share), 0.02, 0.001)


for connections, usual, longer in [(1, 0.020, 0.200), (4, 0.020, 0.200), (2, 0.005, 0.100)]:
    heading(f"{connections} connections, {usual * 1e3:.0f} ms, each 50th {longer * 1e3:.0f} ms")
    target = Delaying(connections, usual, longer, 50)
    report = run(target.port, "--count", "600", "--concurrency", str(connections))
    percentiles(report, [answered - came for came, answered in target.truths()])

for count, rate in [(500, 200), (3000, 1000)]:
    heading(f"{count} requests at {rate}/s, answered at once")
    target = Stalling(None, 0)
    report = run(target.port, "--count", str(count), "--rate", f"{rate}/s")
    came = [came for came, _ in target.truths()]
    compare("from first to last arrival", came[-1] - came[0], (count - 1) / rate, 0.01, 0)
    compare("the run as reported", report["elapsedMs"] / 1e3, (count - 1) / rate, 0.01, 0)

heading("10/s growing to 390/s over 4 s: 800 requests")
target = Stalling(None, 0)
report = run(target.port, "--duration", "4s", "--rate", "10/s..390/s")
came = [came for came, _ in target.truths()]
bad |= len(came) != 800
for n in (100, 400, 799):
    due = (-10 + math.sqrt(10**2 + 2 * 95 * n)) / 95
    compare(f"arrival of {n} after the first", came[n] - came[0], due, 0.01, 0.001)

# The request that the target sleeps on comes when it is due, the one n later is due n/RATE later,
# and none of them is answered before it wakes: 1 % of them must have waited for 0.95 s.
for connections in (512, 1):
    heading(f"1000 requests at 200/s, {connections} connections at most; the target sleeps for 1 s once")
    target = Stalling(300, 1.0)
    report = run(target.port, "--count", "1000", "--rate", "200/s", "--concurrency", str(connections))
    truths = target.truths()
    due = truths[300][0]
    waits = [answered - (due + (n - 300) / 200) for n, (_, answered) in enumerate(truths)]
    percentiles(report, waits)

print("\nSomething is too far from the truth." if bad else "\nAll within 2 % or 1 ms; paces within 1 %.")
sys.exit(bad)
