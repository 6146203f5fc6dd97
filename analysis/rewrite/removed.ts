/** What a file uses of a library although newer releases are without it: found by the tables in knowledge/removed, said and mended for all rules in one way. */

import type { Present, RemovedTable } from "../knowledge/removed/table.js";
import { withoutArgument } from "../rule/arguments.js";
import { hasComments, replace } from "../rule/edits.js";
import { importName } from "../rule/importing.js";
import {
  declined,
  fixOf,
  type Declined,
  type Edit,
  type Evidence,
  type File,
  type Fix,
  type RuleDefinition,
} from "../rule/rule.js";
import { contextsAround } from "../semantics/contexts.js";
import type { Facts } from "../semantics/facts.js";
import { compareReleases, type LibraryName } from "../semantics/libraries.js";
import { argumentOf, asAttribute, asCall, isConstant, unwrap, type Call } from "../syntax/expressions.js";
import { textValue } from "../syntax/strings.js";
import type { Node } from "../syntax/tree.js";
import { excerpt } from "../text/excerpt.js";
import { isPython2 } from "./shown-python.js";

/** One line of a table, taken apart. */
interface Entry {
  /** `numpy.float`; of an argument, the function that had it. */
  readonly name: string;
  /** The class, where it is a method. */
  readonly owner: string | undefined;
  readonly argument: string | undefined;
  readonly position: number | undefined;
  readonly value: string | undefined;
  readonly since: string;
  /** The release that has it again. */
  readonly until: string | undefined;
  readonly present: Present;
  /** The names in their order, where the function takes fewer arguments by their place than it did. */
  readonly places?: { readonly allowed: number; readonly names: readonly string[] };
}

/** A use of something that is gone. */
export interface RemovedUse {
  readonly at: Node;
  readonly evidence: Evidence;
  /** How the reader wrote it. */
  readonly shown: string;
  readonly entry: Entry;
  /** The import statement, the call or the attribute that has to change. */
  readonly node: Node;
  readonly form: "name" | "method" | "argument" | "value" | "import" | "place";
  /** The object, where it is only taken for one of the class. */
  readonly taken: string | undefined;
  readonly release: {
    readonly title: string;
    readonly since: string;
    readonly known: string | undefined;
    readonly isSure: boolean;
  };
}

/** A table, ready for a rule. */
export interface Removals {
  /** Every file with a use has one of these words. */
  readonly words: readonly string[];
  /** What a rule of the family is asked about. */
  readonly asked: Pick<RuleDefinition, "on" | "calls" | "methods" | "attributes">;
  find(node: Node, facts: Facts): RemovedUse | readonly RemovedUse[] | undefined;
}

const KINDS = ["attribute", "call", "import_from_statement", "import_statement"] as const;

/** What the table of a library has, ready to be found. Made once, where a rule is defined. */
export function removals(table: RemovedTable): Removals {
  const entries = table.removals.flatMap(([what, since, present]) =>
    expanded(what).map((it) => entryOf(it, since, present, table)),
  );
  const names = new Map(entries.filter((it) => !it.owner && !it.argument).map((it) => [it.name, it]));
  const nameWords = new Set([...names.keys()].map(lastWord));
  const placed = new Map(Object.entries(table.places ?? {}).flatMap(([what, it]) => placesOf(what, it)));
  const placeWords = new Set([...placed.keys()].map(lastWord));
  const methods = grouped(entries.filter((it) => it.owner && !it.argument));
  const takers = grouped(entries.filter((it) => it.argument));
  const isOfTable = (name: string) => name.slice(0, (name.indexOf(".") + 1 || name.length + 1) - 1) in table.roots;
  const known = (name: string): string => {
    const path = table.paths?.find(([from]) => name.startsWith(from));
    return path ? path[1] + name.slice(path[0].length) : name;
  };

  const found = (
    entry: Entry,
    node: Node,
    at: Node,
    form: RemovedUse["form"],
    shown: string,
    facts: Facts,
    taken?: { readonly evidence: Evidence; readonly text: string },
    written = "",
  ): RemovedUse | undefined => {
    const release = releaseFor(entry, table, written, facts);
    if (!release || isPython2(facts)) return undefined;
    if (!table.settings?.includes(entry.name) && facts.foreignStores().has(lastWord(entry.name))) return undefined;
    if (asksFirst(node, facts, form === "value" ? table.raises : undefined)) return undefined;
    const isSure = release.isSure && taken?.evidence !== "fair";
    return {
      at,
      evidence: isSure ? (taken?.evidence ?? "proof") : "fair",
      shown,
      entry,
      node,
      form,
      taken: taken?.evidence === "fair" ? taken.text : undefined,
      release,
    };
  };

  const ofAttribute = (node: Node, facts: Facts): RemovedUse | undefined => {
    const attribute = asAttribute(node);
    if (!attribute) return undefined;
    const { name, object } = attribute;
    const isName = nameWords.has(name);
    const ofMethods = methods.get(name);
    if (!isName && !ofMethods) return undefined;
    const objectName = facts.nameOf(object);
    if (objectName !== undefined) {
      const written = `${objectName}.${name}`;
      if (isStored(node) && !table.settings?.includes(written)) return undefined;
      if (!written.startsWith("keras.") && table.alone?.some((it) => known(written).startsWith(it))) return undefined;
      const entry = isName ? names.get(known(written)) : undefined;
      const loaded = entry && table.unloaded?.[entry.name];
      if (loaded && facts.fileMatches(loaded)) return undefined;
      if (entry && isPutBack(object, name, objectName, facts)) return undefined;
      // Of `openai.error.Timeout` the whole says more than `openai.error`.
      const longer = asAttribute(node.parent);
      if (longer && names.has(known(`${written}.${longer.name}`))) return undefined;
      return entry && found(entry, node, attribute.nameNode, "name", node.text, facts, undefined, written);
    }
    if (!ofMethods || (isStored(node) && !ofMethods.some((it) => table.settings?.includes(it.name)))) return undefined;
    if (table.uncalled && !table.uncalled.test(name) && asCall(node.parent)?.callee !== node) return undefined;
    if (table.neverCalled?.test(name) && asCall(node.parent)?.callee === node) return undefined;
    // A list's append gives nothing that could be used.
    if (asCall(node.parent) && node.parent?.parent?.kind === "expression_statement" && name === "append")
      return undefined;
    for (const entry of ofMethods) {
      const evidence = isObjectOf(entry.owner!, object, name, table, facts);
      if (!evidence) continue;
      const call = asCall(node.parent)?.callee === node ? "()" : "";
      const taken = { evidence, text: object.text };
      return found(entry, node, attribute.nameNode, "method", `${object.text}.${name}${call}`, facts, taken);
    }
    return undefined;
  };

  const ofCall = (node: Node, facts: Facts): readonly RemovedUse[] => {
    const call = asCall(node);
    if (!call) return [];
    const { callee } = call;
    const word = asAttribute(callee)?.name ?? callee.text;
    const name = facts.nameOf(callee) ?? "";
    const asked = takers.get(word) ?? takers.get(lastWord(name)) ?? [];
    const byPlace = placeWords.has(lastWord(name)) ? placed.get(known(name)) : undefined;
    const seen = new Set<Node>();
    const uses = asked.flatMap((entry): readonly RemovedUse[] => {
      const argument = argumentIn(call, entry);
      if (!argument) return [];
      const taken = calleeIs(entry, callee, facts);
      if (!taken) return [];
      if (table.kept?.value.test(entry.value ?? "") && entry.owner && facts.fileMatches(table.kept.by)) return [];
      const keyword = argument.parent?.kind === "keyword_argument" ? argument.parent : undefined;
      const form = entry.value === undefined ? "argument" : "value";
      const at = form === "argument" ? (keyword?.field("name") ?? argument) : argument;
      const shown = form === "argument" ? `${entry.argument}=` : (keyword?.text ?? argument.text);
      const use = found(
        entry,
        argument,
        at,
        form,
        shown,
        facts,
        taken === "named" ? undefined : taken,
        facts.nameOf(callee),
      );
      if (!use || seen.has(argument)) return [];
      seen.add(argument);
      return [use];
    });
    const tooMany = byPlace && call.args.length > byPlace.places!.allowed && !call.hasSplat;
    const use = tooMany && found(byPlace, node, callee, "place", callee.text, facts, undefined, name);
    return use ? [...uses, use] : uses;
  };

  /** Whether a call is one of what the entry speaks of. */
  const calleeIs = (
    entry: Entry,
    callee: Node,
    facts: Facts,
  ): "named" | { readonly evidence: Evidence; readonly text: string } | undefined => {
    const name = facts.nameOf(callee);
    if (name !== undefined) return known(name) === entry.name ? "named" : undefined;
    const method = asAttribute(callee);
    if (!entry.owner || !method) return undefined;
    const evidence = isObjectOf(entry.owner, method.object, method.name, table, facts);
    return evidence && { evidence, text: method.object.text };
  };

  const ofImport = (node: Node, facts: Facts): readonly RemovedUse[] => {
    const module = node.field("module_name");
    if (node.kind === "import_statement") {
      return node.fieldAll("name").flatMap((it) => {
        const path = it.kind === "aliased_import" ? it.field("name")! : it;
        const entry = isOfTable(path.text) ? moduleEntry(known(path.text)) : undefined;
        const use = entry && found(entry, node, path, "import", path.text, facts, undefined, path.text);
        return use ? [use] : [];
      });
    }
    if (!module || module.kind !== "dotted_name" || !isOfTable(module.text)) return [];
    if (!module.text.startsWith("keras.") && table.alone?.some((it) => known(`${module.text}.`).startsWith(it)))
      return [];
    const imported = node.fieldAll("name").map((it) => (it.kind === "aliased_import" ? it.field("name")! : it));
    const gone = imported.flatMap((it) => {
      const entry = names.get(known(`${module.text}.${it.text}`));
      return entry && !table.unloaded?.[entry.name] ? [{ it, entry }] : [];
    });
    const whole = moduleEntry(known(module.text));
    if (whole) {
      // One finding for the statement; the names say where they are now, if all of them are in one place.
      const targets = new Set(gone.map(({ entry }) => moduleOf(entry.present.text)));
      const isMoved =
        gone.length === imported.length && targets.size === 1 && gone.every(({ entry }) => isRename(entry));
      const entry = isMoved ? { ...gone[0]!.entry, since: whole.since } : whole;
      const use = found(entry, node, module, "import", module.text, facts, undefined, module.text);
      return use ? [use] : [];
    }
    return gone.flatMap(({ it, entry }) => {
      const use = found(entry, node, it, "import", `${module.text}.${it.text}`, facts, undefined, module.text);
      return use ? [use] : [];
    });
  };

  /** The entry of a module, or of the package it was in. */
  const moduleEntry = (name: string): Entry | undefined => {
    for (let at = name; at.includes("."); at = moduleOf(at)) {
      const entry = names.get(at);
      if (entry && !table.unloaded?.[entry.name]) return entry;
    }
    return undefined;
  };

  return {
    words: [...new Set([...entries.map(wordOf), ...placeWords])].sort(),
    asked: {
      on: KINDS,
      calls: [
        ...entries.flatMap((it) => (it.argument && !it.owner ? writtenAs(it.name, table) : [])),
        ...[...placed.keys()].flatMap((it) => writtenAs(it, table)),
      ],
      methods: [...takers.keys()],
      attributes: [...new Set([...nameWords, ...methods.keys()])],
    },
    // Who keeps old code does not want it to run with today's libraries.
    find: (node, facts) =>
      facts.isArchived
        ? undefined
        : node.kind === "attribute"
          ? ofAttribute(node, facts)
          : node.kind === "call"
            ? ofCall(node, facts)
            : ofImport(node, facts),
  };
}

function expanded(what: string): readonly string[] {
  const choice = /\{([^{}]*)\}/.exec(what);
  if (!choice) return [what];
  const [all, options] = choice;
  return options!
    .split("|")
    .flatMap((it) => expanded(what.slice(0, choice.index) + it + what.slice(choice.index + all.length)));
}

function entryOf(what: string, since: string, present: Present, { objects = {} }: RemovedTable): Entry {
  const [, name = what, argument, position, value] = /^([\w.]+)\((\w+)(?:@(\d))?(?:='([^']*)')?\)$/.exec(what) ?? [];
  const owner = moduleOf(name);
  return {
    name,
    owner: owner in objects ? owner : undefined,
    argument,
    position: position === undefined ? undefined : Number(position),
    value,
    since: since.split("<")[0]!,
    until: since.split("<")[1],
    present,
  };
}

function placesOf(
  what: string,
  [since, allowed, names]: readonly [string, number, string],
): readonly (readonly [string, Entry])[] {
  const present: Present = { kind: "words", text: "" };
  const places = { allowed, names: names.split(" ") };
  const common = { owner: undefined, argument: undefined, position: undefined, value: undefined, until: undefined };
  return expanded(what).map((name) => [name, { ...common, name, since, present, places }]);
}

/** The name, and every other under which the same thing can be imported. */
function writtenAs(name: string, { paths = [] }: RemovedTable): readonly string[] {
  return [name, ...paths.flatMap(([from, to]) => (name.startsWith(to) ? from + name.slice(to.length) : []))];
}

function grouped(entries: readonly Entry[]): ReadonlyMap<string, readonly Entry[]> {
  const groups = new Map<string, Entry[]>();
  for (const it of entries) {
    const word = lastWord(it.name);
    const group = groups.get(word);
    if (group) group.push(it);
    else groups.set(word, [it]);
  }
  return groups;
}

/** Most arguments and values stand in files that have the word anyway; a frequency such as "M" is no word, but its function is one. */
function wordOf({ name, argument, value, position }: Entry): string {
  if (value?.startsWith("#")) return position === undefined ? argument! : lastWord(name);
  return (value !== undefined && /\w{2,}/.exec(value)?.[0]) || (argument ?? lastWord(name));
}

function lastWord(name: string): string {
  return name.slice(name.lastIndexOf(".") + 1);
}

function moduleOf(name: string): string {
  return name.slice(0, Math.max(0, name.lastIndexOf(".")));
}

function isRename({ present: { kind } }: Entry): boolean {
  return kind === "same" || kind === "like";
}

/** `np.float = float` mends the library itself. */
function isStored(node: Node): boolean {
  const { parent } = node;
  return (parent?.kind === "assignment" && parent.field("left") === node) || parent?.kind === "delete_statement";
}

/** `setattr(np, "float", float)`, `mock.patch.object(np, "float", …)`, `np.__dict__`. */
function isPutBack(object: Node, name: string, objectName: string, facts: Facts): boolean {
  if (!/^[\w.]+$/.test(object.text)) return false;
  const it = object.text.replaceAll(".", "\\.");
  const whole = `${objectName}.${name}`.replaceAll(".", "\\.");
  return facts.fileMatches(
    new RegExp(
      `\\b(setattr|patch\\.object)\\(\\s*${it}\\s*,\\s*(["']${name}["']|\\w+\\s*,)|\\b${it}\\.__dict__|\\bvars\\(${it}\\)|\\b(setattr|patch)\\(\\s*["']${whole}["']`,
    ),
  );
}

function argumentIn(call: Call, { argument, position, value }: Entry): Node | undefined {
  const node =
    value === undefined && position === undefined
      ? call.keywords.get(argument!)
      : argumentOf(call, argument!, position);
  if (!node || value === undefined) return node;
  const text = textValue(unwrap(node));
  const isIt =
    text !== undefined && (value.startsWith("#") ? text.replace(/^\d+/, "") === value.slice(1) : text === value);
  return isIt ? unwrap(node) : undefined;
}

/** By its type, by the call that makes it, by what it is like, or by the word alone where that is enough. */
function isObjectOf(
  owner: string,
  object: Node,
  word: string,
  { objects = {}, bundled }: RemovedTable,
  facts: Facts,
): Evidence | undefined {
  const kind = objects[owner]!;
  // What a class of the file has, it may define itself.
  const isOwn = () => facts.fileMatches(new RegExp(`\\bdef ${word}\\b`));
  if (kind === "accessor") return isOwn() ? undefined : accessorOf(lastWord(owner), object, facts);
  const typed = facts.typed(object, "fair");
  if (typed) {
    // Keras goes by the name that TensorFlow has it under.
    const isIt = [owner, `tensorflow.${owner}`].some((it) => facts.isA(object, it, typed.evidence));
    return isIt && !isOwn() ? typed.evidence : undefined;
  }
  if (typeof kind === "string" && kind !== "word" && kind !== "made")
    return isOwn() ? undefined : facts.takenFor(object, kind);
  const maker = asCall(facts.valueOf(object) ?? object)?.callee;
  const made = maker && facts.nameOf(maker);
  if (made !== undefined && (made === owner || /(^|\.)[A-Z]\w*$/.test(made)))
    return made === owner && !isOwn() ? "strong" : undefined;
  if (kind === "made" || /^(self|cls|super\(\))$/.test(object.text)) return undefined;
  if (kind instanceof RegExp && !kind.test(object.text)) return undefined;
  const root = owner.slice(0, owner.indexOf("."));
  const isThere = facts.view.imports(root) || (bundled?.root === root && facts.view.imports(bundled.by));
  return isThere && !isOwn() ? "fair" : undefined;
}

/** `column.dt`: of a column, or of what is nothing else that is known. */
function accessorOf(accessor: string, object: Node, facts: Facts): Evidence | undefined {
  const attribute = asAttribute(unwrap(object));
  if (attribute?.name !== accessor) return undefined;
  const column = facts.takenFor(attribute.object, "series");
  if (column || facts.typed(attribute.object, "fair") || !facts.view.imports("pandas")) return column;
  return ALIKE.some((it) => facts.view.imports(it)) ? undefined : "fair";
}

/** Libraries with the same accessors. */
const ALIKE = ["polars", "xarray", "dask", "pyspark"];

/** Undefined where the project runs with a release that still has it, or allows only such. */
function releaseFor(
  { name, since, until }: Entry,
  { roots, bundled }: RemovedTable,
  written: string,
  facts: Facts,
): RemovedUse["release"] | undefined {
  const root = name.slice(0, name.indexOf("."));
  const [library, title] = roots[root]!;
  const of = (which: LibraryName, called: string, from: string) => {
    const known = facts.library(which);
    if (!facts.mayHaveLibrary(which, from)) return undefined;
    if (until !== undefined && (known === undefined || compareReleases(known, until) >= 0)) return undefined;
    return {
      title: called,
      since: from,
      known,
      isSure: known !== undefined || from === NEVER || facts.hasLibrary(which, from) === "yes",
    };
  };
  // What is written as a part of another library goes by the version of that, unless the part's own is known.
  const isOwn = written === "" ? facts.view.imports(root) : written.startsWith(`${root}.`);
  const isBundled = bundled && bundled.root === root && !isOwn;
  if (isBundled && facts.library(library) === undefined) return of(bundled.by, bundled.title, bundled.release(since));
  return of(library, title, since);
}

/** Instead of a release: it was never there, and is passed over in silence. */
const NEVER = "0";

/** Tests of versions, of what there is, and of names and texts (`"pandas>=2"`) that say so. */
const ASKS =
  /\bhasattr\b|\bgetattr\b|version|\bVersion\b|\bfind_spec\b|\bsignature\b|\bdir\(|compat|legacy|\bPY[23]\b|(numpy|np|pandas|pd|sklearn|tf|tensorflow|keras|torch|mpl|matplotlib|openai|langchain|transformers|sns)_?(v|is|ge|gte|lt|le|gt)?_?\d|["'][\w.-]+ ?[<>=]=? ?\d/i;
const CATCHES =
  /^except\s*:|\b(ImportError|ModuleNotFoundError|AttributeError|TypeError|ValueError|Exception|BaseException|KeyError)\b/;
const tells = (head: string, raises: string | undefined): boolean =>
  CATCHES.test(head) || (raises !== undefined && head.includes(raises));
const EXPECTS =
  /^(pytest\.(raises|warns|deprecated_call)|contextlib\.suppress|suppress|(self\.)?assert(Raises|Warns)\w*|raises|warns)\b/;

/** The code asks whether it is there, or has another way where it is not. `raises` is an error besides the usual ones that tells it. */
export function asksFirst(node: Node, facts: Facts, raises?: string): boolean {
  if (contextsAround(node).some((it) => EXPECTS.test(it.text))) return true;
  for (let at: Node = node, parent = node.parent; parent; at = parent, parent = parent.parent) {
    switch (parent.kind) {
      case "try_statement": {
        const handlers = parent.children.filter((it) => it.kind === "except_clause");
        if (at.kind !== "finally_clause" && handlers.some((it) => tells(headText(it), raises))) return true;
        break;
      }
      case "if_statement":
      case "elif_clause":
      case "while_statement": {
        const condition = parent.field("condition");
        if (condition && condition !== at && asks(condition)) return true;
        break;
      }
      case "conditional_expression":
        if (parent.children.some((it) => it !== at && asks(it))) return true;
        break;
      case "boolean_operator": {
        const left = parent.field("left");
        if (left && left !== at && asks(left)) return true;
        break;
      }
      case "decorated_definition":
        // `@pytest.mark.skipif(version …)`
        if (parent.children.some((it) => it.kind === "decorator" && /skip|xfail|version/i.test(it.text))) return true;
        break;
      case "block":
      case "module":
        if (isBehindTest(at)) return true;
        break;
      default:
        break;
    }
  }
  return false;
}

function asks(condition: Node): boolean {
  return condition.text.length < 1_000 && ASKS.test(condition.text);
}

/** How many statements above are looked at. */
const STATEMENTS_ABOVE = 8;

/** `if version < …: return` above in the same block. */
function isBehindTest(statement: Node): boolean {
  let above = statement.previousSibling;
  for (let count = 0; above && count < STATEMENTS_ABOVE; count++, above = above.previousSibling) {
    if (above.kind !== "if_statement") continue;
    const condition = above.field("condition");
    const last = above.field("consequence")?.lastChild;
    if (condition && asks(condition) && /^(return|raise|continue)_statement$/.test(last?.kind ?? "")) return true;
  }
  return false;
}

function headText(clause: Node): string {
  const end = clause.children.find((it) => it.kind === "block")?.start ?? clause.end;
  return clause.tree.text.slice(clause.start, end);
}

/** One line for every use. */
export function removedMessage(
  { shown, taken, release, entry: { name, present, value, places }, form, node }: RemovedUse,
  { facts }: File,
): string {
  const { title, since, known } = release;
  if (places) {
    const which = ["no argument", "only the first argument", "only two arguments", "only three arguments"];
    const had = known === undefined ? "" : `, and the project has ${known}`;
    return `\`${excerpt(shown, 50)}\` takes ${which[places.allowed] ?? "fewer arguments"} by place since ${title} ${since}${had}: this fails; give the others by name.`;
  }
  const subject = form === "argument" ? `the argument \`${shown}\`` : `\`${shown}\``;
  const upper = subject[0]!.toUpperCase() + subject.slice(1);
  const advice = adviceFor(present, form, node, facts);
  if (since === NEVER)
    return `${upper} means nothing to \`${lastWord(name)}\`, which passes over it in silence${advice}.`;
  if (taken !== undefined) {
    return `\`${taken}\` seems to be one of ${title}: ${subject} is gone since ${title} ${since}${advice}.`;
  }
  const verb = value === undefined ? "is gone" : "is not accepted any more";
  if (known !== undefined) return `${upper} ${verb} since ${title} ${since}, and the project has ${known}${advice}.`;
  return `${upper} ${verb} since ${title} ${since}${advice}.`;
}

function adviceFor({ kind, text }: Present, form: RemovedUse["form"], node: Node, facts: Facts): string {
  if (kind === "words") return text === "" ? "" : `; ${text}`;
  if (kind === "drop") return "; leave it out";
  if (form === "value") return `; write \`${inQuotes(text, node)}\``;
  if (form === "argument") return `; write \`${text}=\``;
  const written = form === "name" ? throughObject(node, text, facts) : undefined;
  return `; write \`${written ?? text.replace(/^builtins\./, "")}\``;
}

/** A text in the reader's quotes, with the reader's number where one belongs to it; a value such as None as it is. */
function inQuotes(text: string, like: Node): string {
  if (!text.startsWith("'")) return text;
  const quote = like.text.startsWith('"') ? '"' : "'";
  const number = text.startsWith("'#") ? (/^\d*/.exec(textValue(like) ?? "")?.[0] ?? "") : "";
  return quote + number + text.slice(1, -1).replace(/^#/, "") + quote;
}

/** Writes in front of each argument the name that its place stood for. */
function namedFix(node: Node, names: readonly string[]): Fix | Declined {
  const call = asCall(node)!;
  const given = call.args.flatMap((it, index) => (names[index] === "-" ? [] : [{ it, name: names[index] }]));
  if (given.some(({ name }) => name === undefined)) return declined("the names of these places are not known here");
  if (given.some(({ name }) => call.keywords.has(name!))) return declined("it is given by name as well");
  const shown = given.map(({ name }) => `\`${name}\``).join(", ");
  return fixOf(
    "Give the arguments by name",
    [`by ${given.length === 1 ? "its place it is" : "their places they are"} ${shown}`],
    given.map(({ it, name }) => replace({ tree: it.tree, start: it.start, end: it.start }, `${name}=`)),
  );
}

/** The present name in the place of the old one, where it is a plain rename. */
export function removedFix(use: RemovedUse, file: File): Fix | Declined | undefined {
  const { entry, node, form } = use;
  const { kind, doubt, text } = entry.present;
  if (entry.places) return namedFix(node, entry.places.names);
  if (kind === "words")
    return declined(text === "" ? "nothing stands for it" : "what stands for it now is written another way");
  const edits = editsFor(use, file);
  if (!Array.isArray(edits)) return edits as Declined;
  const shown = form === "argument" ? `${text}=` : form === "value" ? inQuotes(text, node) : lastWord(text);
  const title = kind === "drop" ? `Leave out ${entry.argument}=` : `Write ${shown}`;
  return fixOf(
    title.slice(0, 60),
    // A project that is known to run without the old one has a release with the new one.
    [
      !(use.release.isSure && doubt?.startsWith(NOT_YET)) && doubt,
      kind === "drop" && !use.release.isSure && "older releases may do something else without it",
      use.taken !== undefined && `\`${use.taken}\` must be what it seems to be`,
    ],
    edits,
  );
}

/** How a doubt begins that speaks of releases which have only the old one. */
const NOT_YET = "it is there from";

function editsFor(use: RemovedUse, file: File): readonly Edit[] | Declined {
  const { at, node, form, entry } = use;
  const { text, kind } = entry.present;
  if (kind === "drop") {
    const argument = node.parent?.kind === "keyword_argument" ? node.parent : undefined;
    if (!argument || !isConstant(node)) return declined("the argument is worked out here");
    const edit = withoutArgument(argument);
    return edit ? [edit] : declined("a comment would be lost");
  }
  switch (form) {
    case "argument":
      if (at.parent?.kind !== "keyword_argument") return declined("it is passed by position");
      return isGivenTwice(at, text) ? declined(`\`${text}=\` is given as well`) : [replace(at, text)];
    case "value":
      return [replace(at, inQuotes(text, at))];
    case "method":
      return [replace(at, text)];
    case "import":
      return importEdits(use, text);
    default:
      return nameEdits(node, text, file);
  }
}

/** The call has the new argument too, or another old one that became the same: `basex=2, basey=2`. */
function isGivenTwice(name: Node, text: string): boolean {
  const given = name.parent!.parent!.children.map((it) => it.field("name")?.text ?? "");
  return given.some(
    (it) => it === text || (it !== name.text && it.slice(0, -1) === name.text.slice(0, -1) && it !== ""),
  );
}

/** The new name through the module that is written there, or imported. */
function nameEdits(node: Node, text: string, file: File): readonly Edit[] | Declined {
  const { facts } = file;
  if (text.startsWith("builtins.")) {
    const name = text.slice("builtins.".length);
    return facts.isBuiltin(name, node) ? [replace(node, name)] : declined(`\`${name}\` means something else here`);
  }
  if (hasComments(node)) return declined("a comment would be lost");
  const written = throughObject(node, text, facts);
  if (written !== undefined) return [replace(node, written)];
  const made = importName(file, moduleOf(text), lastWord(text), node);
  return made ? [...made.edits, replace(node, made.name)] : declined(`\`${lastWord(text)}\` means something else here`);
}

/** `np.inf` where `np.Inf` stands: by the name that the module has there. */
function throughObject(node: Node, text: string, facts: Facts): string | undefined {
  for (let object = asAttribute(node)?.object; object; object = asAttribute(object)?.object) {
    const name = facts.nameOf(object);
    if (name === undefined || !text.startsWith(`${name}.`)) continue;
    // A module that nobody imports is no attribute of its package.
    return name === moduleOf(text) || isLoaded(moduleOf(text), facts)
      ? object.text + text.slice(name.length)
      : undefined;
  }
  return undefined;
}

/** Modules that their packages do not import themselves. */
const NOT_LOADED = /^(matplotlib\.pyplot|sklearn\.model_selection)$/;

function isLoaded(module: string, facts: Facts): boolean {
  if (!NOT_LOADED.test(module)) return true;
  const dot = module.lastIndexOf(".");
  const [parent, name] = [module.slice(0, dot), module.slice(dot + 1)];
  return facts.fileMatches(
    new RegExp(`^[ \\t]*(import|from) ${parent}\\.${name}\\b|^[ \\t]*from ${parent} import [^\\n]*\\b${name}\\b`, "m"),
  );
}

function importEdits({ node, at, entry, shown }: RemovedUse, text: string): readonly Edit[] | Declined {
  const module = node.field("module_name");
  if (node.kind !== "import_from_statement" || !module) return declined("the uses of the module have to change too");
  const imported = node.fieldAll("name");
  if (at === module) {
    const names = imported.map((it) => (it.kind === "aliased_import" ? it.field("name")! : it).text);
    const isMoved =
      isRename(entry) && names.length === 1 ? names[0] === lastWord(text) : names.includes(lastWord(text));
    return isMoved ? [replace(module, moduleOf(text))] : declined("the names have other names now");
  }
  const own = imported.find((it) => at === it || at.isInside(it));
  if (!own) return declined("it is imported in another way");
  const bound = own.kind === "aliased_import" ? own.field("alias")!.text : at.text;
  const name = lastWord(text);
  const item = bound === name ? name : `${name} as ${bound}`;
  if (moduleOf(text) === moduleOf(shown)) return [replace(own, item)];
  if (imported.length > 1) return declined("other names are imported with it");
  if (hasComments(node)) return declined("a comment would be lost");
  return [replace(node, moduleOf(text) === "" ? `import ${item}` : `from ${moduleOf(text)} import ${item}`)];
}
