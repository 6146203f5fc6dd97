/** A class whose `__init__` copies its parameters to attributes becomes a dataclass; what else `__init__` does goes to `__post_init__`. */

import { defineRefactoring, plainRecord, recordDoubts, recordEdits, recordImports } from "../analysis/authoring.js";

export default defineRefactoring({
  title: "Class of plain attributes to dataclass",
  guide: "records",
  kind: "rewrite",
  on: ["class_definition"],
  reach: "head",

  example: {
    before: `
from pathlib import Path

class ‸Options:
    """What a run is told."""

    def __init__(self, folder: Path, rate: float = 0.1) -> None:
        self.folder = folder
        self.rate = rate
`,
    after: `
from dataclasses import dataclass
from pathlib import Path

@dataclass
class Options:
    """What a run is told."""

    folder: Path
    rate: float = 0.1
`,
  },

  find(node, _selection, file) {
    const found = plainRecord(node, file.facts);
    const imports = found && recordImports(found, file);
    return imports && { ...found, imports };
  },

  offer: ({ info }) => `Turn \`${info.name}\` into a dataclass`,

  doubt: (found) => recordDoubts(found).join(" ") || undefined,

  apply: (found, { facts }) => ({ edits: recordEdits(found, found.imports, facts) }),
});
