/** A class that only copies what it is given: `@dataclass` writes that, with a repr and a comparison. */

import {
  asClass,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hashedUse,
  plainRecord,
  recordDoubts,
  recordEdits,
  recordImports,
  type Match,
  type PlainRecord,
} from "../../analysis/authoring.js";

interface Written extends Match {
  readonly record: PlainRecord;
  readonly others: readonly string[];
}

/** What a dataclass writes too. */
const WRITTEN = new Set(["__init__", "__repr__", "__eq__"]);

/** See `plainRecord`. */
const PLAIN_BASES = /^(?:object|(?:abc\.)?ABC|(?:typing\.)?Generic\b.*)$/;

export default defineRule({
  title: "Record written by hand",
  why: "Each attribute of such a class is written three times and more: as a parameter, in the assignment, in `__repr__` and `__eq__`, where a new one is easily forgotten. A dataclass names each attribute once, with its type, and has all of these.",
  guide: "records",
  level: "hint",
  gain: "clarity",
  overlaps: ["B903"],
  unlike: "a comparison and a `__repr__` written by hand count too, and the fix writes the dataclass",
  overrides: ["classes/missing-repr"],
  fixes: "review",

  examples: [
    {
      before: `
from pathlib import Path

class Span:
    def __init__(self, file: Path, end: int, label: str = "") -> None:
        self.file = file
        self.end = end
        self.label = label

    def __repr__(self) -> str:
        return f"Span(file={self.file!r}, end={self.end!r}, label={self.label!r})"
`,
      after: `
from dataclasses import dataclass
from pathlib import Path

@dataclass
class Span:
    file: Path
    end: int
    label: str = ""

    def __repr__(self) -> str:
        return f"Span(file={self.file!r}, end={self.end!r}, label={self.label!r})"
`,
    },
  ],

  on: ["class_definition"],
  words: ["__init__"],

  find(node, { facts }): Written | undefined {
    // Classes with bases are most of them, and what a class is costs much to find out.
    const bases = asClass(node)?.bases ?? [];
    if (bases.length > 1 || bases.some((it) => !PLAIN_BASES.test(it.text))) return undefined;
    const info = facts.classInfo(node);
    if (!info || facts.isTest || !info.methods.every((it) => WRITTEN.has(it.def.name))) return undefined;
    if (info.methods[0]?.def.name !== "__init__" || info.methods[0].def.parameters.length < 3) return undefined;
    // Which of several classes of one name is meant where it is used is not told apart.
    if (facts.writesOf(info.def.nameNode).length > 1) return undefined;
    const record = plainRecord(node, facts);
    if (!record || record.rest.length > 0) return undefined;
    const others = info.methods.slice(1).map((it) => it.def.name);
    return {
      at: info.def.nameNode,
      evidence: "proof",
      weight: others.length > 0 ? "heavy" : "unknown",
      record,
      others,
    };
  },

  message({ record: { info, fields }, others }) {
    const more = others.length > 0 ? ` and has \`${others.join("` and `")}\` of its own` : "";
    return `\`${excerpt(info.name, 40)}\` only copies ${fields.length} parameters to attributes${more}; a dataclass names each of them once.`;
  },

  fix({ record }, file) {
    const { facts } = file;
    const { info } = record;
    const keeps = info.definesMethod("__eq__") || info.definesMethod("__hash__");
    if (!keeps && hashedUse(info, facts))
      return declined("instances are set elements or dict keys, which those of a dataclass cannot be");
    const imports = recordImports(record, file);
    if (!imports) return declined("`dataclass` means something else here");
    const doubts = recordDoubts(record).map((it) =>
      it.replace(/\.$/, "").replace(/^[IN](?=nstances|o type)/, (first) => first.toLowerCase()),
    );
    return fixOf(
      "Make it a dataclass",
      doubts.length > 0 ? doubts : ["subclasses of other files may rely on `__init__` as it is"],
      recordEdits(record, imports, facts),
    );
  },
});
