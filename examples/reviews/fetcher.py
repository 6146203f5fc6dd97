"""Fetches new reviews from the shops' web services."""

import asyncio
import threading
import time

import aiohttp
import requests

fetched = 0
lock = threading.Lock()


async def shop_name(shop: int) -> str:
    response = requests.get(f"https://shops.example/{shop}", timeout=10)
    return response.json()["name"]


async def reviews_of(session: aiohttp.ClientSession, shop: int) -> list[dict]:
    async with session.get(f"https://shops.example/{shop}/reviews") as response:
        return await response.json()


async def pause(seconds: float) -> None:
    await asyncio.sleep(seconds)


async def fetch(shop: int) -> tuple[list[dict], list[dict]]:
    pause(0.1)
    async with aiohttp.ClientSession() as session:
        new = await reviews_of(session, shop)
        old = await reviews_of(session, shop + 1)
    return new, old


def count(amount: int) -> None:
    global fetched
    for _ in range(amount):
        fetched += 1


def count_in_threads() -> None:
    threads = [threading.Thread(target=count, args=(1000,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


def next_ticket(queue: list[int]) -> list[int]:
    done = []
    waiting = list(queue)
    while waiting:
        done.append(waiting.pop(0))
    return done


def snapshot(path: str, text: str) -> None:
    lock.acquire()
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    lock.release()
    time.sleep(0.01)
