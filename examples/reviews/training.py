"""Trains a small classifier on review features."""

import functools
import time

import torch
from torch import nn
from torch.utils.data import DataLoader, TensorDataset


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


@timed
def train(features: torch.Tensor, labels: torch.Tensor, epochs: int = 5) -> Classifier:
    device = torch.device("cuda" if torch.cuda.is_available() else "cpu")
    model = Classifier(features.shape[1]).to(device)
    optimizer = torch.optim.AdamW(model.parameters(), lr=1e-3)
    loss_function = nn.CrossEntropyLoss()
    loader = DataLoader(TensorDataset(features, labels), batch_size=64, shuffle=True)
    noise = torch.zeros(features.shape[1]).to(device)

    for epoch in range(epochs):
        total_loss = 0.0
        for batch, target in loader:
            optimizer.zero_grad()
            loss = loss_function(model(batch.to(device) + noise), target.to(device))
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
