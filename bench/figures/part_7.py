"""Figures of the guide's part 7: architecture."""

import numpy as np
from sklearn.linear_model import LogisticRegression

from .measure import Subject, section


@section("model-api")
def model_api() -> dict[str, Subject]:
    source = np.random.default_rng(1)
    features = source.normal(size=(1_000, 20))
    model = LogisticRegression().fit(features, features[:, 0] > 0)
    request = features[:100]

    def per_item() -> list[bool]:
        return [model.predict(row.reshape(1, -1))[0] for row in request]

    return {"predict of 100 rows, one call against one per row": (per_item, lambda: model.predict(request))}
