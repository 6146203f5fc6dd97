/** Programs whose facts hang together over functions, classes and docstrings: what random edits of them change, other pieces have to notice. */

export const FACT_POOL: readonly string[] = [
  `import pandas as pd
from shop import load

LIMIT = 20_000
NAMES = ["a", "b"]


def _clean(frame, column="price", *, limit=0):
    for number in range(limit):
        frame = frame[frame[column] > number]
    return frame


def _total(frame, rows):
    return _clean(frame, limit=3)[rows]


def report(path, limit=LIMIT):
    frame = pd.read_csv(path)
    rows, names = [], list(NAMES)
    for name in names:
        rows.append(_total(_clean(frame, name), rows))
    return rows


def main():
    for line in open("orders.txt"):
        report(line.strip())


if __name__ == "__main__":
    main()
`,
  `import torch
from torch.utils.data import Dataset


class Base:
    limit = 3

    def reset(self):
        self.rows, self.seen = [], {}


class Images(Base, Dataset):
    """Reads images.

    Args:
        paths (list[str]): Where they are.
        size (int, optional): Of each.
    """

    def __init__(self, paths, size=32, transform=None):
        self.paths = paths
        self.size = size
        self.rows = []
        self._fill(paths)

    def _fill(self, paths):
        for path in paths:
            self.rows.append(self._read(path))

    def _read(self, path, mode="rb"):
        with open(path, mode) as file:
            return file.read()

    def __getitem__(self, index):
        image = self.rows[index]
        self.seen[index] = len(self.rows)
        return torch.tensor(image).unsqueeze(0)

    def __len__(self):
        return len(self.rows)


def train(model, loader, device, epochs=3):
    """Trains.

    Parameters
    ----------
    model : nn.Module
    loader : DataLoader
    epochs : int, optional
        How often.

    Returns
    -------
    float
    """
    model.train()
    for epoch in range(epochs):
        for batch in loader:
            loss = model(batch.to(device))
            loss.backward()
    return loss.item()
`,
  `import csv


def words(text):
    """Splits.

    :param str text: what
    :rtype: list[str]
    """
    return text.split()


def count(rows, key):
    counts = {}
    for row in rows:
        if row[key] == "a":
            counts[row[key]] = counts.get(row[key], 0) + 1
    return counts


def table(path, request):
    def parse(line, sep=","):
        return line.split(sep)

    first = parse("a,b")
    while True:
        with open(path) as file:
            for line in csv.reader(file):
                first = parse(line[0], sep=";")
        count(words(path), "key")


@app.get("/rows")
def rows(request):
    return [parse_row(it) for it in table("rows.csv", request)]


def parse_row(it):
    return it.strip()
`,
];

/** What is typed into them: calls with other arguments, docstrings, stores, guards. */
export const FACT_LINES: readonly string[] = [
  "_clean(3)\n",
  "_clean(df, 'a', limit=2.5)\n",
  "keep(_clean)\n",
  "    self._fill(['a'])\n",
  "    self._fill(3)\n",
  "    self.rows = None\n",
  "    self.size += 1\n",
  "other.rows = 3\n",
  "other.rows.append(1)\n",
  "getattr(other, name)\n",
  "print(self.__dict__)\n",
  '    """Args:\n        path (str): Where.\n    """\n',
  "    path : int\n",
  '__all__ = ["_clean"]\n',
  'if __name__ == "__main__":\n    report(1)\n',
  "import polars\n",
  "for line in open(path):\n    report(line)\n",
  "    frame.iterrows()\n",
  "    isinstance(frame, list)\n",
  "    assert isinstance(path, str)\n",
  "    if not isinstance(rows, list):\n        return\n",
  "class Derived(Images):\n    def more(self):\n        self.rows = {}\n",
];
