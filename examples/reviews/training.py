"""Trains a small classifier on review features."""

import functools
import time
from pathlib import Path

import torch
from torch import nn
from torch.utils.data import DataLoader, Dataset


def timed(function):
    def wrapper(*args, **kwargs):
        started = time.time()
        function(*args, **kwargs)
        print(f"{function.__name__} took {time.time() - started:.1f} s")

    return wrapper


class Classifier(nn.Module):
    def __init__(self, features: int) -> None:
        super().__init__()
        self.layers = nn.Sequential(nn.Linear(features, 64), nn.ReLU(), nn.Linear(64, 2))

    def forward(self, batch: torch.Tensor) -> torch.Tensor:
        return self.layers(batch)


class ReviewFiles(Dataset):
    """One file of features and a label for each review."""

    def __init__(self, folder: Path) -> None:
        self.files = sorted(folder.glob("*.pt"))

    def __len__(self) -> int:
        return len(self.files)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, torch.Tensor]:
        return torch.load(self.files[index], weights_only=True)


@timed
def train(folder: Path, width: int, epochs: int = 5) -> Classifier:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Classifier(width).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_function = nn.CrossEntropyLoss()
    loader = DataLoader(ReviewFiles(folder), batch_size=64, shuffle=True)
    bias = torch.zeros(width).to(device)

    for epoch in range(epochs):
        total_loss = 0.0
        for batch, target in loader:
            optimizer.zero_grad()
            loss = loss_function(model(batch.to(device) + bias), target.to(device))
            loss.backward()
            optimizer.step()
            total_loss += loss
        print(f"epoch {epoch}: {total_loss / len(loader)}")
    return model


def predict(model: Classifier, features: torch.Tensor) -> list[int]:
    return model(features).argmax(dim=1).tolist()


class Scorer:
    def __init__(self, weights: list[float]) -> None:
        self.weights = weights

    @functools.lru_cache(maxsize=None)
    def score(self, name: str) -> float:
        return sum(self.weights) * len(name)
