# A tour of Nippy. Hover over what is underlined, then press the light bulb.
# This file is a copy: change it as you like.
import asyncio
import logging
import time

import pandas as pd
import requests

logger = logging.getLogger(__name__)


# A recursive function that works out the same values again and again.
def fibonacci(n: int) -> int:
    if n < 2:
        return n
    return fibonacci(n - 1) + fibonacci(n - 2)


# A loop over the rows of a table, where whole columns would do.
def revenue(orders: pd.DataFrame) -> float:
    total = 0.0
    for _, row in orders.iterrows():
        total += row["price"] * row["count"]
    return total


# A search through a list, once for every line.
def keep_known(lines: list[str]) -> list[str]:
    known = ["alpha", "beta", "gamma"]
    kept = []
    for line in lines:
        if line in known:
            kept.append(line.strip())
    return kept


# A decorator that hides the name and the documentation of what it wraps.
def timed(function):
    def wrapper(*args, **kwargs):
        started = time.perf_counter()
        result = function(*args, **kwargs)
        logger.info(f"{function.__name__} took {time.perf_counter() - started:.3f} s")
        return result

    return wrapper


# A request that may wait for ever, and an error that nobody will hear of.
@timed
def download(url: str) -> bytes | None:
    try:
        return requests.get(url).content
    except:
        return None


# A pause that stops every other task of the event loop, and a coroutine that never runs.
async def pause(seconds: float) -> None:
    time.sleep(seconds)


async def main() -> None:
    pause(0.1)
    queue = [1, 2, 3]
    while queue:
        print(fibonacci(queue.pop(0)))


if __name__ == "__main__":
    asyncio.run(main())
