/** What hovers say of `dtype=`: how wide the type is, how far it reaches, what a million elements take. */

import { defineConstructs, textValue, unwrap, type File, type Node } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "dtype=",
    guide: "numpy",
    at: [{ argument: "dtype", of: ["numpy.*", "pandas.*", "torch.*", "tensorflow.*"] }],
    says: "Decides memory, range and precision of every element. NumPy makes float64 of Python floats where torch makes float32. A narrower type halves the memory or more, but integer arrays wrap around silently (int8: 120 + 10 gives -126) and running sums in float32 (`cumsum`, loops) drift; add them with `dtype=np.float64`.",
    here: widthNote,
    example: "import numpy as np\n\nprint(np.zeros(10, ‸dtype=np.float32))\n",
    unlike: ["def make(dtype=None): ...\n\nmake(‸dtype=int)\n", "def read(path, *, ‸dtype=None): ...\n"],
  },
]);

interface Width {
  readonly bytes: number;
  /** What a value can be. */
  readonly reach: string;
}

const WIDTHS: Readonly<Record<string, Width>> = {
  bool: { bytes: 1, reach: "True or False" },
  int8: { bytes: 1, reach: "-128 to 127" },
  uint8: { bytes: 1, reach: "0 to 255" },
  int16: { bytes: 2, reach: "-32,768 to 32,767" },
  uint16: { bytes: 2, reach: "0 to 65,535" },
  int32: { bytes: 4, reach: "about ±2.1 billion" },
  uint32: { bytes: 4, reach: "0 to about 4.3 billion" },
  int64: { bytes: 8, reach: "about ±9.2e18" },
  uint64: { bytes: 8, reach: "0 to about 1.8e19" },
  float16: { bytes: 2, reach: "about 3 digits, at most 65,504" },
  bfloat16: { bytes: 2, reach: "2 to 3 digits, the range of float32" },
  float32: { bytes: 4, reach: "about 7 digits, up to 3.4e38" },
  float64: { bytes: 8, reach: "about 15 digits, up to 1.8e308" },
  complex64: { bytes: 8, reach: "two float32" },
  complex128: { bytes: 16, reach: "two float64" },
};

/** Other names of the same widths in NumPy, torch and Python. */
const OTHER_NAMES: Readonly<Record<string, string>> = {
  "builtins.bool": "bool",
  "builtins.int": "int64",
  "builtins.float": "float64",
  "builtins.complex": "complex128",
  "numpy.bool_": "bool",
  "numpy.half": "float16",
  "numpy.single": "float32",
  "numpy.double": "float64",
  "numpy.byte": "int8",
  "numpy.ubyte": "uint8",
  "numpy.short": "int16",
  "numpy.ushort": "uint16",
  "torch.half": "float16",
  "torch.float": "float32",
  "torch.double": "float64",
  "torch.short": "int16",
  "torch.int": "int32",
  "torch.long": "int64",
};

function widthNote(node: Node, { facts }: File): string | undefined {
  const value = node.parent?.field("value");
  const name = value && dtypeOf(unwrap(value), facts);
  const width = name === undefined ? undefined : WIDTHS[name];
  return width && `\`${name}\`: ${width.reach}; ${width.bytes} MB per million elements.`;
}

function dtypeOf(value: Node, facts: File["facts"]): string | undefined {
  const text = textValue(value);
  if (text !== undefined) return text.toLowerCase() === text ? text : undefined;
  const name = facts.nameOf(value);
  if (name === undefined) return undefined;
  const isOfLibrary = /^(numpy|torch|tensorflow)\.\w+$/.test(name);
  return OTHER_NAMES[name] ?? (isOfLibrary ? name.split(".").at(-1) : undefined);
}
