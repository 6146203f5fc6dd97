"""TensorFlow's values as inputs and as plain data, where the program imported it; and the lines of a program that run as code AutoGraph made of them."""

from __future__ import annotations

import linecache
import sys
from typing import Any

MOST_ELEMENTS = 100

#: For each file that AutoGraph wrote: the program's line of each of its lines.
LINES: dict[str, dict[int, int]] = {}


def show_source(name: str, source: str) -> None:
    """A tf.function is made from the source of the function, which a program that stands in no file does not have."""
    linecache.cache[name] = (len(source), None, source.splitlines(keepends=True), name)
    from tensorflow.python.autograph.impl import api

    convert = api._convert_actual

    def converted(entity: Any, context: Any) -> Any:
        made = convert(entity, context)
        lines = {ours: origin.loc for ours, origin in made.ag_source_map.items()}
        LINES[made.ag_module.__file__] = {ours.lineno: it.lineno for ours, it in lines.items() if it.filename == name}
        return made

    api._convert_actual = converted


def value_of(kind: str, values: list[float]) -> Any:
    """None where the type is none of those that can be made."""
    import tensorflow

    if kind == "Tensor":
        return tensorflow.constant(values, tensorflow.float32)
    if kind == "Variable":
        return tensorflow.Variable(values, dtype=tensorflow.float32)
    if kind == "DatasetV2":
        return tensorflow.data.Dataset.from_tensor_slices(tensorflow.constant(values, tensorflow.float32))
    return None


def message_of(error: BaseException) -> str:
    """Behind its first line an error of a graph lists the graph's nodes and who called."""
    text = str(error)
    return text.partition("\n")[0] if type(error).__module__.startswith("tensorflow") else text


def freeze(value: Any, inner: Any) -> list[Any] | None:
    """None where the value is none of TensorFlow's."""
    tensorflow = sys.modules.get("tensorflow")
    if tensorflow is None or not hasattr(tensorflow, "data"):
        return None
    if isinstance(value, tensorflow.data.Dataset):
        return ["iterator", *map(inner, value.take(MOST_ELEMENTS))]
    if isinstance(value, tensorflow.RaggedTensor):
        return ["ragged", str(value.dtype), inner(value.to_list())]
    if isinstance(value, (tensorflow.Tensor, tensorflow.Variable)):
        if not hasattr(value, "numpy"):
            return ["symbolic", str(value.dtype), str(value.shape)]
        array = value.numpy()
        return ["tensor", str(value.dtype), list(value.shape), *map(inner, array.ravel().tolist() if value.shape.rank else [array.item() if hasattr(array, "item") else array])]
    return None
