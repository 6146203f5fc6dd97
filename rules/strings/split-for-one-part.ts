/** `line.split(",")[0]` in a loop: the whole text is cut up for one part of it. */

import {
  asCall,
  asMethodCall,
  asAttribute,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  integerOf,
  lastIdentifier,
  ownCodeDoubt,
  replace,
  textValue,
  unwrap,
  type Evidence,
  type Facts,
  type Node,
  type Subscript,
} from "../../analysis/authoring.js";

/** What parts the columns, words and lines of a text. */
const LONG = new Set([",", ", ", "\t", " ", "\n", ";", "|", "\n\n", "\r\n"]);

export default defineRule({
  title: "Text split whole for one part",
  why: "split cuts the text at every separator and makes a string of each part. With a number it stops after so many cuts, and rsplit begins at the end. It matters where there are many parts and the line runs often.",
  guide: "code-level",
  level: "hint",
  differs: { light: "off" },
  gain: "time",
  words: ["split"],
  fixes: "safe",

  examples: [
    {
      before: `
def keys(lines: list[str]) -> list[str]:
    return [line.split(",")[0] for line in lines]
`,
      after: `
def keys(lines: list[str]) -> list[str]:
    return [line.split(",", 1)[0] for line in lines]
`,
    },
  ],

  on: ["subscript"],

  find(node, { facts }) {
    const part = asSubscript(node);
    const columns = part && wideSplit(part);
    if (columns) return facts.isTest ? undefined : columns;
    const split = part && asMethodCall(unwrap(part.value), "split");
    const [only, more] = part?.indices ?? [];
    const place = integerOf(only);
    if (!split || more || (place !== 0 && place !== 1 && place !== -1) || facts.isTest) return undefined;
    const [separator, limit] = split.args;
    if (limit || split.hasSplat || split.keywords.size > 0) return undefined;
    const evidence = evidenceOf(split.object, separator, facts);
    if (!evidence) return undefined;
    // Names, paths and addresses have a handful of parts, and a single split of one text is nothing.
    const isLong = separator === undefined || LONG.has(textValue(separator) ?? "");
    const isStem = place === 0 && textValue(separator) === "." && FILE.test(lastIdentifier(split.object.text));
    const weight = isStem ? "unknown" : isLong && facts.loopAround(node) ? facts.weightOf(node) : "light";
    return {
      at: split.methodNode,
      construct: node,
      evidence,
      weight,
      node,
      split,
      separator,
      place,
      form: (isStem ? "stem" : "text") as "stem" | "text" | "columns",
    };
  },

  message: ({ split, separator, place, form }) => {
    const what = excerpt(split.object.text.replace(/\s+/g, " "), 30);
    if (form === "stem")
      return `\`${what}\` is cut at its first dot, so \`a.b.txt\` becomes \`a\`; \`Path(…).stem\` takes the ending alone away.`;
    if (form === "columns")
      return `\`${what}\` is split into a table of all parts for one of them; \`.str.split(…, n=${place + 1}).str[${place}]\` makes that column alone.`;
    const better = `${place === -1 ? "rsplit" : "split"}(${excerpt(separator?.text ?? "None", 12)}, ${place === 1 ? 2 : 1})`;
    return `\`${excerpt(split.object.text.replace(/\s+/g, " "), 30)}\` is split whole for one part; \`${better}\` stops once it has it.`;
  },

  fix({ node, split, separator, place, form }, { facts }) {
    if (form === "stem") return declined("names with several dots come out otherwise");
    if (form === "columns") return declined("rows with fewer parts are told apart in another way");
    if (hasComments(node)) return declined("a comment would be lost");
    const given = `${separator?.text ?? "None"}, ${place === 1 ? 2 : 1}`;
    const isKnown = facts.typeOf(split.object)?.name === "str";
    const isCutAlike = place !== -1 || !separator || !mayOverlap(textValue(separator));
    return fixOf(
      "Split no further than needed",
      [
        !isKnown && `\`${excerpt(split.object.text, 30)}\` must be a text`,
        ownCodeDoubt(split.object, facts),
        !isCutAlike && "from the end a run of separators may be cut at another place",
      ],
      [
        ...(place === -1 ? [replace(split.methodNode, "rsplit")] : []),
        replace(asCall(unwrap(asSubscript(node)!.value))!.argumentList, `(${given})`),
      ],
    );
  },
});

/** What names of files are called. */
const FILE = /(?:^|_)(?:file_?name|fname|basename|file|img_?name|image_?name)$/i;

/** `column.str.split(";", expand=True)[0]` and `.iloc[:, 0]`: a table of which one column is taken. */
function wideSplit({ node, value, indices }: Subscript) {
  const indexer = asAttribute(value);
  const isIloc = indexer?.name === "iloc";
  const split = asMethodCall(unwrap(isIloc ? indexer.object : value), "split", "rsplit");
  if (!split || !split.object.text.endsWith(".str") || split.keywords.get("expand")?.kind !== "true") return undefined;
  const place = integerOf(isIloc ? indices[1] : indices[0]);
  const isOne = isIloc ? indices.length === 2 && indices[0]!.text === ":" : indices.length === 1;
  if (!isOne || place === undefined || place < 0 || split.keywords.has("n") || split.args.length > 1) return undefined;
  return {
    at: split.methodNode,
    construct: node,
    evidence: "strong" as const,
    weight: "unknown" as const,
    node,
    split,
    separator: split.args[0],
    place,
    form: "columns" as "stem" | "text" | "columns",
  };
}

/** By its type, or by a separator that is text; patterns and arrays are split by other things. */
function evidenceOf(object: Node, separator: Node | undefined, facts: Facts): Evidence | undefined {
  const known = facts.typed(object);
  if (known) return known.type.name === "str" ? known.evidence : undefined;
  if (separator === undefined || textValue(separator) === undefined) return undefined;
  // The texts of a column, and functions of a module.
  return /\.str$/.test(object.text) || facts.nameOf(object) !== undefined ? undefined : "fair";
}

/** Two of it may share a letter, as in `"\\n\\n\\n"`: then it matters from which end the text is cut. */
function mayOverlap(separator: string | undefined): boolean {
  if (separator === undefined) return true;
  return [...separator.slice(1)].some((_, index) => separator.startsWith(separator.slice(index + 1)));
}
