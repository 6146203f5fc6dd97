"""Reads jobs from stdin as JSON: programs before and after a fix. Each form runs in a process of its own, in an empty folder; writes a verdict for each.

A job is {"before", "after", "setup", "driver", "strict", "findings": [[first line, last line]…]}. A verdict has `ran` (the calls that gave a result in
both forms), `reached` (for each finding, whether its statement ran), `differences` ([variation, what, where]) and `failed` (why it could not be run at all).
"""

from __future__ import annotations

import importlib
import json
import os
import re
import resource
import signal
import socket
import sys
import tempfile
import time
import traceback
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any, NoReturn

from .compare import difference
from .observe import ENDLESS, observed, statement_lines


MOST_SECONDS = 60
#: What a program may take beyond what its libraries have taken: without a bound one that is wrong takes the memory of the whole machine.
MOST_MEMORY = 4 << 30
#: A process that is forked while a thread of a library holds a lock may wait for it for ever. What hangs each time hangs by itself.
TRIES = 3
#: The file number that a child writes its result to.
OUTPUT = 40
#: Where an object happens to lie, in its repr and in messages that quote it.
ADDRESS = re.compile(r" at 0x[0-9a-f]+")


class Server(HTTPServer):
    """A web server on this machine, for programs that ask one."""

    #: Seconds after which it looks whether anybody still needs it.
    timeout = 1
    request_queue_size = 64


class Answer(BaseHTTPRequestHandler):
    #: Seconds; a program that was ended may have asked half a question.
    timeout = 5

    def do_GET(self) -> None:
        body = json.dumps({"path": self.path, "method": self.command}).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_POST = do_PUT = do_GET

    def log_message(self, *_: object) -> None:
        pass


def in_child(job: dict[str, Any], which: str, url: str) -> dict[str, Any]:
    """What was observed in a process of its own, in an empty folder."""
    for _ in range(TRIES):
        with tempfile.TemporaryFile() as output, tempfile.TemporaryDirectory() as folder:
            child = os.fork()
            if child == 0:
                write_observed(job, which, url, output.fileno(), folder)
            status = ended(child)
            end_group(child)
            output.seek(0)
            if status == 0:
                return json.loads(output.read())
        if status != signal.SIGKILL:
            return {"failed": f"the process ended with status {status}"}
    return {"failed": f"it did not end within {MOST_SECONDS} s, {TRIES} times"}


def write_observed(job: dict[str, Any], which: str, url: str, output: int, folder: str) -> NoReturn:
    """In the child: it ends here, without what Python does at an exit, which is the parent's."""
    status = 1
    try:
        os.setsid()  # A group of its own, so that processes it started can be ended with it.
        os.chdir(folder)
        bound_memory()
        shut_off(output)
        result = observed(job, which, url)
    except BaseException:
        result = {"failed": traceback.format_exc()}
    try:
        with open(OUTPUT, "wb") as file:
            file.write(ADDRESS.sub("", json.dumps(result)).encode())
        status = 0
    except BaseException:
        traceback.print_exc(file=sys.__stderr__)
    finally:
        os._exit(status)


def bound_memory() -> None:
    """From here on a program that takes too much gets a MemoryError. Only Linux tells what is taken already, and only there the bound holds."""
    try:
        with open("/proc/self/status", encoding="ascii") as status:
            taken = next(int(line.split()[1]) << 10 for line in status if line.startswith("VmData:"))
    except (OSError, StopIteration):
        return
    _, hardest = resource.getrlimit(resource.RLIMIT_DATA)
    most = taken + MOST_MEMORY
    resource.setrlimit(resource.RLIMIT_DATA, (most if hardest == resource.RLIM_INFINITY else min(most, hardest), hardest))


def shut_off(output: int) -> None:
    """Low file numbers lead nowhere, because a program may open a number it was given; and the network ends at this machine."""
    os.dup2(output, OUTPUT)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for number in range(OUTPUT):
        if number != nowhere:
            os.dup2(nowhere, number)
    look_up = socket.getaddrinfo

    def look_up_here(host: object, *args: Any, **named: Any) -> Any:
        if host not in ("127.0.0.1", "localhost", None):
            raise socket.gaierror(socket.EAI_NONAME, "no network in a proof")
        return look_up(host, *args, **named)  # type: ignore[arg-type]

    socket.getaddrinfo = look_up_here  # type: ignore[assignment]


def ended(child: int) -> int:
    """The status of a child; one that hangs beyond all measure, on a lock of its own for instance, is ended."""
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        found, status = os.waitpid(child, os.WNOHANG)
        if found:
            return status
        time.sleep(0.002)
    os.kill(child, signal.SIGKILL)
    return os.waitpid(child, 0)[1]


def end_group(leader: int) -> None:
    """Ends what a program left running, workers of a pool for instance."""
    try:
        os.killpg(leader, signal.SIGKILL)
    except ProcessLookupError:
        pass  # Nothing was left.


def verdict(job: dict[str, Any], url: str) -> dict[str, Any]:
    before, after = (in_child(job, which, url) for which in ("before", "after"))
    failed = before.get("failed") or after.get("failed")
    if failed:
        return {"failed": failed}
    differences: list[list[str]] = []
    ran = 0
    missing = None
    found_after = {(variation, name): it for variation, name, it in after["observations"]}
    for variation, name, old in before["observations"]:
        if (variation, name) not in found_after:
            if job["strict"]:
                differences.append([variation, name, "it is not there any more"])
            continue
        new = found_after[(variation, name)]
        if old in (None, ENDLESS) or new is None:
            continue  # An input that makes the program run for ever, or hang, proves nothing.
        if new == ENDLESS:
            differences.append([variation, name, "it does not end any more"])
            continue
        if variation == "import":
            kept = old[2].keys() & new[2].keys()
            old[2], new[2] = ([[it, state[it]] for it in sorted(kept)] for state in (old[2], new[2]))
            if old[0][0] == "raised" and old[0][1] in ("ImportError", "ModuleNotFoundError"):
                missing = old[0][2]
        found = difference(old, new, job["strict"])
        if found:
            # The same things in another order are a difference of its own kind: what runs at once has no order.
            is_order = difference(unordered(old), unordered(new), job["strict"]) is None
            differences.append(["order" if is_order else variation, name, found])
        ran += old[0][0] == new[0][0] == "returned"
    lines = set(before["lines"])
    reached = [bool(statement_lines(job["before"], *it) & lines) for it in job["findings"]]
    return {"ran": ran, "reached": reached, "differences": differences, "missing": missing}


def unordered(observation: list[Any]) -> list[Any]:
    outcome, journal, *rest = observation
    lines = [line for it in journal for line in (it.splitlines() if isinstance(it, str) else [it])]
    return [outcome, sorted(lines, key=repr), *rest]


def start_server() -> str:
    """The address of a web server in a process of its own: a thread of it in this one would be forked with each program. It ends with this process."""
    parent = os.getpid()
    server = Server(("127.0.0.1", 0), Answer)
    if os.fork() == 0:
        nowhere = os.open(os.devnull, os.O_RDWR)
        for number in range(3):
            os.dup2(nowhere, number)  # Whoever reads the verdicts waits until nobody holds the other end.
        while os.getppid() == parent:
            server.handle_request()
        os._exit(0)
    server.server_close()
    return f"http://127.0.0.1:{server.server_port}/"


def main() -> None:
    work = json.load(sys.stdin)
    url = start_server()
    for name in work["preload"]:
        importlib.import_module(name)
    json.dump({name: verdict(job, url) for name, job in work["jobs"].items()}, sys.stdout)
