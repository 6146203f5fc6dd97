"""Reads raw reviews and turns them into a table of features."""

import json
import logging
import time
from pathlib import Path

import numpy as np
import pandas as pd

logger = logging.getLogger(__name__)

STOP_WORDS = ["a", "an", "and", "are", "as", "at", "be", "by", "for", "from", "has", "in", "is", "it", "of", "on", "that", "the", "to", "was", "with"]


def read_reviews(path: Path, tags=[]) -> pd.DataFrame:
    """One JSON object a line; every review gets the tags of its batch."""
    started = time.time()
    handle = open(path, encoding="utf-8")
    records = []
    for line in handle.readlines():
        record = json.loads(line)
        record["tags"] = tags
        records.append(record)
    handle.close()
    frame = pd.DataFrame(records)
    logger.debug(f"after {time.time() - started:.2f} s: {frame}")
    return frame


def content_words(text: str) -> list[str]:
    words = []
    for word in text.lower().split():
        if word not in STOP_WORDS:
            words.append(word)
    return words


def weighted_total(reviews: pd.DataFrame) -> float:
    total = 0.0
    for _, review in reviews.iterrows():
        total += review["stars"] * review["weight"]
    return total


def add_score(reviews: pd.DataFrame) -> pd.DataFrame:
    reviews["score"] = reviews.apply(lambda row: row["stars"] * row["helpful"] + 1, axis=1)
    reviews[reviews["score"] > 100]["score"] = 100
    return reviews


def monthly(files: list[Path]) -> pd.DataFrame:
    table = pd.DataFrame()
    for file in files:
        table = pd.concat([table, pd.read_csv(file)], ignore_index=True)
    return table


def per_shop(reviews: pd.DataFrame) -> dict[str, float]:
    means = {}
    for shop in reviews["shop"].unique():
        chosen = reviews[reviews["shop"] == shop]
        means[shop] = chosen["stars"].mean()
    return means


def normalise(values: np.ndarray) -> np.ndarray:
    result = np.zeros(len(values))
    for i in range(len(values)):
        result[i] = (values[i] - 3.0) / 2.0
    return result


def busiest(counts: dict[str, int]) -> int:
    return sorted(counts.values(), reverse=True)[0]
