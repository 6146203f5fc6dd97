/** The order in which a folder gives its files, which is that of the file system, decides what comes out. */

import {
  asAttribute,
  asCall,
  asComprehension,
  asFor,
  asMethodCall,
  asSubscript,
  declined,
  defineRule,
  excerpt,
  expressionOf,
  fileQuestion,
  fixOf,
  functionAround,
  hasComments,
  nameGiven,
  qualifiedName,
  replace,
  statementOf,
  statementsOf,
  unwrap,
  useOf,
  wrapped,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

type How = "pairs" | "numbers" | "last" | "part" | "draw";

interface Unordered extends Match {
  readonly how: How;
  /** What holds the files: a name, or the call itself. */
  readonly files: string;
  /** The calls that have to be sorted: one, or two where files are paired. */
  readonly listings: readonly Node[];
}

export default defineRule({
  title: "Result that depends on the order of a folder",
  why: "os.listdir, glob and Path.iterdir give files in the order of the file system: it differs between machines and after a copy. Images are then paired with the masks of others, the numbers of classes do not fit to a saved model, and the last file is not the newest. sorted() gives one order.",
  guide: "data-structures",
  level: "warning",
  gain: "safety",
  fixes: "review",

  examples: [
    {
      before: `
import glob

def pairs(folder: str) -> list[tuple[str, str]]:
    images = glob.glob(f"{folder}/images/*.png")
    masks = glob.glob(f"{folder}/masks/*.png")
    return list(zip(images, masks))
`,
      after: `
import glob

def pairs(folder: str) -> list[tuple[str, str]]:
    images = sorted(glob.glob(f"{folder}/images/*.png"))
    masks = sorted(glob.glob(f"{folder}/masks/*.png"))
    return list(zip(images, masks))
`,
    },
  ],

  on: ["call"],
  calls: ["os.listdir", "glob.glob", "glob.iglob"],
  methods: ["iterdir", "glob", "rglob"],

  find(node, { facts }): Unordered | undefined {
    if (facts.isTest) return undefined;
    const evidence = listingEvidence(node, facts);
    const list = evidence && listOf(node);
    const found = list && decidedBy(list, node, facts);
    if (!found || !evidence) return undefined;
    return {
      at: node,
      construct: node,
      evidence,
      weight: found.weight,
      related: [{ at: found.at, message: "here the order matters" }],
      how: found.how,
      files: nameOf(list) ?? node.text,
      listings: found.other ? [node, found.other] : [node],
    };
  },

  message: ({ how, files }) => {
    const what = `\`${excerpt(files.replaceAll(/\s+/g, " "), 40)}\``;
    switch (how) {
      case "pairs":
        return `${what} and another list of files are paired in the order in which the file system gives them: what belongs together may not come together.`;
      case "numbers":
        return `The numbers that go with ${what} differ between machines: a folder gives its files in any order.`;
      case "last":
        return `The last of ${what} is whichever the file system gives last, neither the newest nor the last by name.`;
      case "part":
        return `Which of ${what} this takes differs between machines: a folder gives its files in any order.`;
      case "draw":
        return `In spite of the seed other files are drawn on another machine: a folder gives ${what} in any order.`;
    }
  },

  fix({ listings, how }) {
    if (listings.some(hasComments)) return declined("a comment would be lost");
    return fixOf(
      listings.length > 1 ? "Sort both" : "Sort them",
      [
        "by name, 10 comes before 2",
        how === "numbers" && "what was saved with the order of an earlier run does not fit to this one",
        how === "last" && "the last by name has to be the one that is meant",
      ],
      listings.map((it) => {
        // `list(folder.iterdir())` is one list already.
        const around = asCall(wrapped(it).parent?.parent);
        const isList = around?.callee.text === "list" && around.args.length === 1 && around.keywords.size === 0;
        return replace(isList ? around.node : it, `sorted(${it.text})`);
      }),
    );
  },
});

/** By which evidence the call lists a folder; methods named `glob` belong to paths. */
function listingEvidence(node: Node, facts: Facts): Evidence | undefined {
  const call = asCall(node);
  if (!call || call.hasSplat) return undefined;
  if (LISTS.test(qualifiedName(call, facts) ?? "")) return "proof";
  const method = asMethodCall(node, "iterdir", "glob", "rglob");
  if (!method || facts.nameOf(call.callee) !== undefined) return undefined;
  const type = facts.typed(method.object, "fair")?.type.name;
  if (type !== undefined) return /^pathlib\./.test(type) ? "proof" : undefined;
  return facts.view.imports("pathlib") ? "strong" : undefined;
}
const LISTS = /^(?:os\.listdir|glob\.i?glob|pathlib\.Path\.(?:iterdir|r?glob))$/;

/** The list of files, in the order in which they come: `[it for it in os.listdir(folder) if …]`, `list(folder.iterdir())`. */
function listOf(listing: Node): Node {
  let at = listing;
  for (let steps = 0; steps < 6; steps++) {
    const use = useOf(at);
    const callee = use.kind === "argument" ? asCall(use.call)?.callee.text : undefined;
    const clause = wrapped(at).parent;
    const made =
      clause?.kind === "for_in_clause" && use.kind === "iterated" ? asComprehension(clause.parent) : undefined;
    if (callee !== undefined && /^(?:list|tuple|filter|map)$/.test(callee)) at = use.call!;
    else if (made && /^(?:list|generator)$/.test(made.kind) && made.clauses.length === 1) at = clause!.parent!;
    else break;
  }
  return at;
}

interface Decided {
  readonly how: How;
  readonly weight: Weight;
  readonly at: Node;
  /** Of a pair, the other listing. */
  readonly other?: Node;
}

/** The name or attribute that is given the list. */
function targetOf(list: Node): Node | undefined {
  const name = nameGiven(unwrap(list));
  if (name) return name;
  const assignment = wrapped(list).parent;
  const target = assignment?.kind === "assignment" ? assignment.field("left") : undefined;
  return target && /^self\.\w+$/.test(target.text) && assignment!.field("right") === wrapped(list) ? target : undefined;
}

const nameOf = (list: Node): string | undefined => targetOf(list)?.text;

function decidedBy(list: Node, listing: Node, facts: Facts): Decided | undefined {
  const direct = decidedAt(list, listing, facts);
  if (direct) return direct;
  const target = targetOf(list);
  if (!target) return undefined;
  const reads = readsOf(target, facts);
  // It is put in order before or after.
  if (reads.some((it) => asMethodCall(it.parent?.parent, "sort") !== undefined)) return undefined;
  // Chance decides anyway.
  if (reads.some(isShuffled) && !facts.ofFile(SEEDS)) return undefined;
  for (const it of reads) {
    const found = decidedAt(it, listing, facts) ?? indexed(it, target, listing, facts);
    if (found) return found;
  }
  return undefined;
}

/** `shuffle(files)`, `rng.shuffle(files)`. */
function isShuffled(read: Node): boolean {
  const call = asCall(useOf(read).call);
  return call !== undefined && /(?:^|\.)shuffle$/.test(call.callee.text) && call.args[0] === read;
}

function readsOf(target: Node, facts: Facts): readonly Node[] {
  if (target.kind === "identifier") return facts.isRemote(target) ? [] : facts.readsSeeing(target);
  const place = facts.placeOf(target);
  return place?.writes.length === 1 ? place.reads : [];
}

function decidedAt(list: Node, listing: Node, facts: Facts): Decided | undefined {
  const part = asSubscript(wrapped(list).parent);
  if (part && unwrap(part.value) === unwrap(list)) return partOf(part.node, part.indices, facts);
  const use = useOf(list);
  if (use.kind === "iterated") return countedByHand(wrapped(list).parent, list, facts);
  if (use.kind === "method" && use.name === "index" && asCall(use.call)?.args.length === 1)
    return { how: "numbers", weight: facts.ofFile(KEEPS) ? "heavy" : "unknown", at: use.call! };
  if (use.kind !== "argument") return undefined;
  const call = asCall(use.call)!;
  if (asMethodCall(call.node, "extend")) return extended(call.node, listing, facts);
  switch (call.callee.text) {
    case "zip":
      return zipped(call.node, call.args, list, listing, facts);
    case "enumerate":
      return numbered(call.node, facts);
    default: {
      const known = facts.nameOf(call.callee) ?? call.callee.text;
      return DRAWS.test(known) && facts.ofFile(SEEDS) ? { how: "draw", weight: "heavy", at: call.node } : undefined;
    }
  }
}

const DRAWS = /^(?:numpy\.)?random\.(?:shuffle|sample|choice|choices|permutation)$|(?:^|\.)train_test_split$/;
const SEEDS = fileQuestion((facts) =>
  facts.fileMatches(/\bseed\w*\(|\bmanual_seed\(|\brandom_state\s*=\s*\d|\bRandom\(\d|default_rng\(\d/),
);
/** A later run goes on with what this one made. */
const KEEPS = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:torch|joblib|pickle|json|np|numpy)\.(?:save|dump)\w*\(|\.save\w*\(|\.to_(?:csv|parquet|pickle|json)\(|\bload_state_dict\(|\.fit\(|\.dump\(|\bimwrite\(/,
  ),
);

/** `files[-1]`, `files[:100]`. One of which there is only one is `files[0]`. */
function partOf(part: Node, [index, more]: readonly Node[], facts: Facts): Decided | undefined {
  if (!index || more || isShown(part)) return undefined;
  if (index.text === "-1") {
    const around = `${functionAround(part)?.field("name")?.text ?? ""} ${part.parent?.text.slice(0, 120) ?? ""}`;
    return { how: "last", weight: NEWEST.test(around) ? "heavy" : "unknown", at: part };
  }
  if (index.kind !== "slice" || !/[^\s:]/.test(index.text) || /^:*-1$/.test(index.text.replaceAll(/\s/g, "")))
    return undefined;
  // `files[start:start + size]` of a loop is one batch of all.
  const [from] = index.children;
  const loop = from?.kind === "identifier" ? asFor(facts.loopAround(part)) : undefined;
  if (loop?.target.text === from?.text && /^range\(/.test(loop?.iterable.text ?? "")) return undefined;
  // Of a part and the rest of it, one is trained on and the other is not. Else a few are looked at.
  const list = part.field("value")!.text;
  const parts = (functionAround(part) ?? part.tree.root)
    .descendants("subscript")
    .filter((it) => it.field("value")?.text === list)
    .map((it) => it.field("subscript")?.text.replaceAll(/\s/g, "") ?? "");
  const isSplit = parts.some((it) => it.startsWith(":") && parts.includes(`${it.slice(1)}:`));
  return { how: "part", weight: isSplit && facts.ofFile(KEEPS) ? "heavy" : "light", at: part };
}
const NEWEST = /latest|newest|last|recent|current|checkpoint|ckpt/i;

/** `zip(images, masks)` of two folders, and not of one list and what is made of it. */
function zipped(call: Node, args: readonly Node[], list: Node, own: Node, facts: Facts): Decided | undefined {
  const others = args.filter((it) => unwrap(it) !== unwrap(list)).map((it) => listingBehind(it, facts));
  const other = others.find((it) => it !== undefined && it !== own);
  // Told once, at the first.
  if (!other || other.id < own.id || isShown(call)) return undefined;
  return { how: "pairs", weight: "heavy", at: call, other };
}

/** `images.extend(glob.glob(…))` beside `masks.extend(glob.glob(…))`. */
function extended(call: Node, own: Node, facts: Facts): Decided | undefined {
  const list = asMethodCall(call)!.object.text;
  const block = statementOf(call).parent;
  if (!block || !DATA.test(list)) return undefined;
  for (const it of statementsOf(block)) {
    const twin = asMethodCall(expressionOf(it), "extend");
    const other = twin && TRUTH.test(twin.object.text) ? listingBehind(twin.args[0] ?? it, facts) : undefined;
    if (other && other !== own) return { how: "pairs", weight: "heavy", at: twin!.node, other };
  }
  return undefined;
}
const DATA = /(?:^|[._])(?:data|images?|imgs?|inputs?|xs?|frames?|rgbs?|lefts?|sources?)(?:_(?:paths?|files?|list))?$/i;
const TRUTH =
  /(?:^|[._])(?:gts?|masks?|labels?|targets?|ys?|annotations?|segs?|segmentations?|depths?|truths?|rights?|outputs?)(?:_(?:paths?|files?|list))?$/i;

/** The call that lists a folder, of an expression that gives its files in that order. */
function listingBehind(expression: Node, facts: Facts, depth = 0): Node | undefined {
  const node = unwrap(expression);
  if (node.kind === "identifier" || node.kind === "attribute") {
    const place = depth < 3 ? facts.placeOf(node) : undefined;
    const [site, more] = place?.writes ?? [];
    const isSorted = place?.reads.some((it) => asMethodCall(it.parent?.parent, "sort") !== undefined);
    return site?.value && !more && !isSorted ? listingBehind(site.value, facts, depth + 1) : undefined;
  }
  const call = asCall(node);
  if (call && /^(?:list|tuple|filter|map)$/.test(call.callee.text) && call.args.length > 0)
    return listingBehind(call.args.at(-1)!, facts, depth + 1);
  const made = asComprehension(node);
  if (made && /^(?:list|generator)$/.test(made.kind) && made.clauses.length === 1)
    return listingBehind(made.clauses[0]!.iterable, facts, depth + 1);
  return listingEvidence(node, facts) ? node : undefined;
}

/** `images[i]` and `masks[i]`, in one turn of a loop or in one method of a dataset. */
function indexed(read: Node, target: Node, own: Node, facts: Facts): Decided | undefined {
  const part = asSubscript(wrapped(read).parent);
  const index = part && unwrap(part.value) === unwrap(read) && part.indices.length === 1 ? part.indices[0]! : undefined;
  const home = index?.kind === "identifier" ? functionAround(read) : undefined;
  if (!part || !index || !home) return undefined;
  for (const it of home.identifiers(index.text)) {
    const twin = asSubscript(it.parent);
    if (!twin || twin.indices[0] !== it || twin.value.text === target.text) continue;
    const other = listingBehind(twin.value, facts);
    if (other && other !== own && other.id > own.id && !isShown(twin.node))
      return { how: "pairs", weight: "heavy", at: twin.node, other };
  }
  return undefined;
}

/** `for number, file in enumerate(files): … f"{number}.png"`, `labels.append(number)`, `{name: number for …}`. */
function numbered(call: Node, facts: Facts): Decided | undefined {
  const around = wrapped(call).parent;
  const weight: Weight = facts.ofFile(KEEPS) ? "heavy" : "unknown";
  const made = around?.kind === "for_in_clause" ? asComprehension(around.parent) : undefined;
  if (made) {
    const [number] = namesOf(made.clauses[0]?.target);
    const value = made.kind === "dict" ? made.element.field("value") : undefined;
    return number !== undefined && value?.text === number ? { how: "numbers", weight, at: around!.parent! } : undefined;
  }
  const loop = asFor(around);
  const [number] = namesOf(loop?.target);
  const kept = loop && number !== undefined ? keptNumber(number, loop.body) : undefined;
  return kept && { how: "numbers", weight, at: kept };
}

const namesOf = (target: Node | undefined): readonly string[] =>
  target?.children.filter((it) => it.kind === "identifier").map((it) => it.text) ?? [];

/** `count += 1` beside `for file in files:`, with the count in what is written. */
function countedByHand(around: Node | undefined, list: Node, facts: Facts): Decided | undefined {
  const loop = asFor(around);
  if (!loop || loop.iterable !== wrapped(list)) return undefined;
  for (const it of loop.body.descendants("augmented_assignment")) {
    const count = it.field("left");
    if (count?.kind !== "identifier" || !/^\w+\s*\+=\s*1$/.test(it.text) || it.parent?.parent !== loop.body) continue;
    const kept = keptNumber(count.text, loop.body);
    if (kept) return { how: "numbers", weight: facts.ofFile(KEEPS) ? "heavy" : "unknown", at: kept };
  }
  return undefined;
}

/** Where the number becomes part of the name of a file, a label, or a value that is kept. */
function keptNumber(number: string, body: Node): Node | undefined {
  return [...body.identifiers(number)].find((it) => {
    if (isShown(it)) return false;
    const use = useOf(it);
    if (it.parent?.kind === "interpolation" || use.kind === "formatted") return isNameOfFile(it);
    if (use.kind === "argument") {
      const callee = asCall(use.call)?.callee;
      if (callee?.text === "str") return isNameOfFile(it);
      return asAttribute(callee)?.name === "append" && LABELS.test(callee!.text);
    }
    const stored = it.parent?.kind === "assignment" && it.fieldName === "right" ? it.parent.field("left") : undefined;
    return stored !== undefined && (stored.kind === "subscript" || LABELS.test(stored.text));
  });
}
const LABELS = /label|target|class|(?:^|[._])(?:ids?|y)\b/i;

/** Something is written under this name. */
function isNameOfFile(node: Node): boolean {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.kind === "call" && WRITES.test(at.field("function")?.text ?? "")) return true;
    if (at.kind === "assignment") return /path|file|name|out|dst|dest|target|save/i.test(at.field("left")?.text ?? "");
    if (at.kind === "block") return false;
  }
  return false;
}
const WRITES =
  /(?:^|\.)(?:imwrite|imsave|save\w*|open|rename|replace|copy\w*|move|to_(?:csv|json|parquet|pickle)|write\w*|dump|tofile|export|makedirs|mkdir|VideoWriter)$/;

const SHOWN =
  /^(?:print|pprint|repr|len|tqdm|warn\w*)$|\.(?:debug|info|warning|error|exception|critical|set_postfix|set_title|title|set_description|subplot|add_subplot)$|^st\.|^plt\./;

/** Only a reader sees it. */
function isShown(node: Node): boolean {
  for (let at: Node | undefined = node; at; at = at.parent) {
    if (at.kind === "raise_statement" || at.kind === "assert_statement" || at.kind === "comparison_operator")
      return true;
    if (
      at.kind === "call" &&
      (SHOWN.test(at.field("function")?.text ?? "") || ORDERLESS.test(at.field("function")?.text ?? ""))
    )
      return true;
    if (at.kind === "block") return false;
  }
  return false;
}
/** It gives the same in any order. */
const ORDERLESS = /^(?:sorted|set|frozenset|sum|any|all|min|max|natsorted)$/;
