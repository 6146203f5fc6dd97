"""An agent that answers questions about reviews with a few tools."""

from contextlib import contextmanager
from typing import Any

from langchain_core.tools import tool


@tool
def calculate(expression: str) -> str:
    """Works out an arithmetic expression such as `3 * (2 + 1)`."""
    return str(eval(expression))


@contextmanager
def conversation(store: dict[str, Any], name: str):
    store[name] = []
    yield store[name]
    del store[name]


class Node:
    """One step of the agent's plan."""

    def __init__(self, name: str, cost: float) -> None:
        self.name = name
        self.cost = cost


def plan() -> list[Node]:
    return [Node(f"step {number}", 1.0) for number in range(10_000)]


def transcript(turns: list[list[str]]) -> str:
    text = ""
    for turn in turns:
        for message in turn:
            text = text + message + "\n"
    return text


def handler(kind: str):
    if kind == "question":
        return answer
    elif kind == "complaint":
        return forward
    elif kind == "praise":
        return thank
    else:
        raise ValueError(kind)


def answer(text: str) -> str:
    return f"Here is what I found: {text}"


def forward(text: str) -> str:
    return f"A person will read this: {text}"


def thank(text: str) -> str:
    return f"Thank you: {text}"
