"""Figures of the guide's part 4: concurrency."""

import asyncio
import atexit
import threading
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from multiprocessing.shared_memory import SharedMemory

import numpy as np
import requests

from .measure import Subject, section


# Processes come first: a fork is safest before libraries have started threads of their own.


def squares(limit: int) -> int:
    return sum(number * number for number in range(limit))


@section("multiprocessing", time.perf_counter)
def multiprocessing() -> dict[str, Subject]:
    pool, calls, jobs = ProcessPoolExecutor(max_workers=2), range(5_000), [10_000] * 4

    def pool_per_turn() -> list[int]:
        results = []
        for _ in range(10):
            with ProcessPoolExecutor(max_workers=2) as fresh:
                results.extend(fresh.map(squares, jobs))
        return results

    def one_pool() -> list[int]:
        with ProcessPoolExecutor(max_workers=2) as shared:
            return [result for _ in range(10) for result in shared.map(squares, jobs)]

    return {
        "chunksize=1000 against 1, 5,000 trivial calls": (lambda: list(pool.map(abs, calls)), lambda: list(pool.map(abs, calls, chunksize=1_000))),
        "one pool against a pool per turn, ten turns of four short jobs": (pool_per_turn, one_pool),
    }


@section("threading", time.perf_counter)
def cpu_threads() -> dict[str, Subject]:
    pool, jobs = ThreadPoolExecutor(max_workers=4), [200_000] * 4
    return {"four threads against serial calls, pure Python": (lambda: [squares(job) for job in jobs], lambda: list(pool.map(squares, jobs)))}


@section("async-patterns", time.perf_counter)
def awaits() -> dict[str, Subject]:
    async def one_by_one() -> None:
        for _ in range(20):
            await asyncio.sleep(0.01)

    async def together() -> None:
        await asyncio.gather(*(asyncio.sleep(0.01) for _ in range(20)))

    return {"gather against sequential awaits, twenty of 10 ms": (lambda: asyncio.run(one_by_one()), lambda: asyncio.run(together()))}


WAIT = 0.01


@section("futures", time.perf_counter)
def futures() -> dict[str, Subject]:
    pool, waits = ThreadPoolExecutor(max_workers=10), [WAIT] * 20
    return {"ten threads against one after the other, twenty waits of 10 ms": (lambda: [time.sleep(wait) for wait in waits], lambda: list(pool.map(time.sleep, waits)))}


def total_of_shared(name: str, count: int) -> float:
    memory = SharedMemory(name=name)
    try:
        return float(np.ndarray((count,), dtype=np.float64, buffer=memory.buf).sum())
    finally:
        memory.close()


@section("ipc", time.perf_counter)
def ipc() -> dict[str, Subject]:
    pool, count = ProcessPoolExecutor(max_workers=1), 4_000_000
    memory = SharedMemory(create=True, size=count * 8)
    numbers = np.ndarray((count,), dtype=np.float64, buffer=memory.buf)
    numbers[:] = 1.0
    atexit.register(memory.unlink)
    return {
        "sum of 32 MB in another process, shared memory against an argument": (
            lambda: float(pool.submit(np.sum, numbers).result()),
            lambda: pool.submit(total_of_shared, memory.name, count).result(),
        )
    }


class Quiet(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    wbufsize = -1

    def do_GET(self) -> None:
        self.send_response(200)
        self.send_header("Content-Length", "2")
        self.end_headers()
        self.wfile.write(b"ok")

    def log_message(self, *_: object) -> None:
        return None


@section("networking", time.perf_counter)
def networking() -> dict[str, Subject]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), Quiet)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    url, session = f"http://127.0.0.1:{server.server_port}/", requests.Session()

    def fetch(get: Callable[..., requests.Response]) -> list[str]:
        return [get(url, timeout=10).text for _ in range(20)]

    return {"one session against requests.get, twenty local requests without TLS": (lambda: fetch(requests.get), lambda: fetch(session.get))}
