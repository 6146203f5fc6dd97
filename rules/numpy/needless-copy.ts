/** Finds a copy of an array that is only read, and the copy of an array that was made for it: `np.array(x)`, `x.copy()`. */

import {
  arrayShape,
  argumentOf,
  asCall,
  asFor,
  batchLoop,
  callsUnder,
  asMethodCall,
  asSubscript,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  functionAround,
  hasComments,
  isLastOfOwn,
  isNewArray,
  isOnlyRead,
  loaderEvidence,
  loaderIn,
  nameAtRoot,
  remove,
  replace,
  statementOf,
  textIn,
  unwrap,
  useOf,
  withArgument,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** With these the copy is made for another reason. */
const OTHERWISE = ["order", "subok", "copy", "ndmin", "like", "device"];

export default defineRule({
  title: "Copy of an array that is only read",
  why: "np.array and .copy() copy all elements into new memory. Where the copy is only read, the array itself does as well; np.asarray makes an array only of what is none. The longer the array, the more time and memory the copy takes.",
  guide: "numpy",
  level: "info",
  differs: { light: "off" },
  gain: "time",
  imports: ["numpy"],
  fixes: "safe",

  examples: [
    {
      before: `
import numpy as np

def newest(readings: np.ndarray, count: int) -> float:
    values = np.array(readings)
    return float(values[-count:].mean())
`,
      after: `
import numpy as np

def newest(readings: np.ndarray, count: int) -> float:
    values = np.asarray(readings)
    return float(values[-count:].mean())
`,
    },
  ],

  on: ["call"],
  calls: ["numpy.array", "numpy.copy"],
  methods: ["copy", "astype"],

  find(node, { facts }) {
    const call = asCall(node);
    const copy = call && !call.hasSplat && !facts.isTest ? copyOf(call, facts) : undefined;
    if (!copy) return undefined;
    if (copy.kind === "retyped") {
      const weight = facts.sizeOf(copy.of) === "light" ? "light" : facts.weightOf(node);
      return {
        at: call!.callee,
        construct: node,
        evidence: "proof" as const,
        weight,
        call: call!,
        copy,
        given: "fresh" as const,
      };
    }
    if (copy.kind === "float32") {
      const weight = facts.weightOf(node);
      return {
        at: call!.callee,
        construct: node,
        evidence: "fair" as const,
        // An array of many rows, however often the program comes here.
        weight: weight === "light" && !facts.isNotebook ? ("unknown" as const) : weight,
        call: call!,
        copy,
        given: undefined,
      };
    }
    const ofTensor = copy.kind === "function" && !copy.isTyped ? tensorEvidence(copy.of, facts) : undefined;
    if (ofTensor)
      return isOnlyRead(node, facts) === "yes"
        ? {
            at: call!.callee,
            construct: node,
            evidence: ofTensor,
            weight: facts.weightOf(node),
            call: call!,
            copy: { ...copy, kind: "tensor" as const },
            given: undefined,
          }
        : undefined;
    const given = copy.kind === "cast" || copy.isTyped ? undefined : reasonToLeave(copy, node, facts);
    const isTaken = given === "stored" && !facts.isA(copy.of, "numpy.ndarray");
    const evidence = isTaken ? "fair" : evidenceFor(copy, given !== undefined, facts);
    if (!evidence || (!given && (isOnlyRead(node, facts) !== "yes" || changesLater(copy.of, node, facts))))
      return undefined;
    const weight = facts.weightOf(node);
    return { at: call!.callee, construct: node, evidence, weight, call: call!, copy, given };
  },

  message: ({ call, copy, given, evidence }) => {
    const source = /^[\w.]{1,40}$/.test(copy.of.text) ? `\`${copy.of.text}\`` : "the array";
    if (copy.kind === "tensor")
      return `\`${call.callee.text}\` copies the tensor ${source}, and the copy is only read; \`.numpy()\` of a tensor in main memory shares its memory.`;
    if (copy.kind === "float32")
      return `What a model gives is float32 unless it was told otherwise, and \`.astype()\` copies it all the same; with \`copy=False\` it does so only where the type differs.`;
    if (copy.kind === "retyped")
      return `\`${excerpt(asCall(unwrap(call.callee.field("object")!))!.callee.text, 30)}\` makes an array of one type, and \`.astype()\` copies it into another; with \`dtype=\` it has the right one at once.`;
    const what = copy.kind === "method" ? ".copy()" : copy.kind === "cast" ? ".astype()" : call.callee.text;
    if (given === "stored")
      return `\`${excerpt(what, 40)}\` copies ${source} only for the assignment to copy it once more.`;
    if (given === "own") return `\`${excerpt(what, 40)}\` copies ${source}, which was made here and is used no more.`;
    if (given === "fresh") return `\`${excerpt(what, 40)}\` copies an array that was made just for it.`;
    const shown = evidence === "fair" && !copy.isTyped ? `${source} (taken for an array)` : source;
    if (copy.kind === "cast")
      return `${shown} has this type already, and \`.astype()\` copies it all the same; what it gives is only read.`;
    return `\`${excerpt(what, 40)}\` copies ${shown}${copy.isTyped ? " even where it has this type" : ""}, and the copy is only read.`;
  },

  fix({ call, copy, given }, { facts }) {
    if (hasComments(call.node)) return declined("a comment would be lost");
    if (copy.kind === "retyped") {
      const made = asCall(unwrap(call.callee.field("object")!))!;
      const type = argumentOf(call, "dtype", 0)!;
      const edit = withArgument(made, `dtype=${type.text}`);
      if (!edit) return declined("the arguments cannot be added to");
      return fixOf(
        "Give the type to the array",
        ["NaN, or a number too large for the type, raises an error instead of becoming another number"],
        [edit, remove({ tree: call.node.tree, start: made.node.end, end: call.node.end })],
      );
    }
    if (copy.kind === "tensor") return declined("a tensor on a device or with a gradient has to be fetched first");
    if (copy.kind === "float32") {
      const edit = withArgument(call, "copy=False");
      return edit
        ? fixOf("Copy only if the type differs", ["the array may share its memory with the tensor"], [edit])
        : declined("the arguments cannot be added to");
    }
    if (copy.kind === "cast") {
      const edit = withArgument(call, "copy=False");
      if (!edit) return declined("the arguments cannot be added to");
      const isCalm = (isReadAtOnce(call.node) && isAlone(call.node, facts)) || isReadAlone(copy.of, call.node, facts);
      return fixOf(
        "Copy only if the type differs",
        [!isCalm && "what is called meanwhile must not change the array"],
        [edit],
      );
    }
    if (given === "stored" && !facts.isA(copy.of, "numpy.ndarray"))
      return declined(`\`${excerpt(copy.of.text, 30)}\` is not known for certain to be an array`);
    const { axes } = arrayShape(copy.of, facts);
    const doubts = [
      !facts.isA(copy.of, "numpy.ndarray") && `\`${excerpt(copy.of.text, 30)}\` must be an array`,
      given && copy.kind === "function" && !axes && "a matrix, a masked array or a single number stays what it is",
      given && copy.kind === "method" && axes !== 1 && "the numbers may lie in another order in memory",
      !given && "what is called meanwhile must not change the array",
    ];
    if (copy.kind === "function" && call.callee.text.endsWith("array") && !given) {
      const word = call.callee.field("attribute") ?? undefined;
      if (!word) return declined("`asarray` is not imported");
      return fixOf("Use asarray", doubts, [replace(word, "asarray")]);
    }
    if (call.args.length + call.keywords.size > (copy.kind === "function" ? 1 : 0))
      return declined("the call is given more than the array");
    return fixOf("Leave out the copy", doubts, [
      replace(call.node, standsAlone(call.node) ? unwrap(copy.of).text : textIn(unwrap(copy.of), ATOM)),
    ]);
  },
});

/** Nothing beside it binds tighter than what is written there. */
function standsAlone(call: Node): boolean {
  return (
    ["return_statement", "argument_list", "assignment"].includes(call.parent?.kind ?? "") && !call.text.includes("\n")
  );
}

interface Copy {
  /** `retyped` is an array that is made of a list or another array and cast at once, `float32` what a model gives. */
  readonly kind: "function" | "method" | "cast" | "retyped" | "float32" | "tensor";
  readonly of: Node;
  /** The type of its elements is given, which the array may have or not. */
  readonly isTyped?: boolean;
}

function copyOf(call: Call, facts: Facts): Copy | undefined {
  const name = facts.nameOf(call.callee);
  const [first] = call.args;
  if (name === "numpy.array" || name === "numpy.copy") {
    if (!first || OTHERWISE.some((it) => call.keywords.has(it)) || call.args.length > 2) return undefined;
    return { kind: "function", of: first, isTyped: call.args.length > 1 || call.keywords.has("dtype") };
  }
  const method = name === undefined ? asMethodCall(call.node, "copy", "astype") : undefined;
  if (!method) return undefined;
  if (method.method === "copy")
    return call.args.length + call.keywords.size === 0 ? { kind: "method", of: method.object } : undefined;
  const wanted = argumentOf(call, "dtype", 0);
  if (!wanted || call.keywords.has("copy") || call.args.length > 1) return undefined;
  const made = asCall(unwrap(method.object));
  // Texts and objects get another type when they are made than when they are cast.
  if (made && isMadeAnew(made, facts) && !/\b(?:str|object|[SUO]\d*|datetime64|timedelta64)\b/.test(wanted.text))
    return { kind: "retyped", of: made.args[0]! };
  const type = meaningOf(wanted, facts);
  if (type === "numpy.float32" && isOfModel(method.object, facts)) return { kind: "float32", of: method.object };
  return type !== undefined && type === dtypeOf(method.object, facts) ? { kind: "cast", of: method.object } : undefined;
}

/** `model(x).cpu().numpy()`, `encoder.encode(texts)`: networks work with float32, where nothing in the file asks for another precision. */
function isOfModel(value: Node, facts: Facts): boolean {
  if (!["torch", "sentence_transformers"].some(facts.view.imports) || facts.fileMatches(OTHER_PRECISION)) return false;
  const node = unwrap(value);
  const fetched = asMethodCall(node, "numpy");
  if (!fetched) {
    const encoded = asMethodCall(node, "encode");
    if (!encoded || !facts.view.imports("sentence_transformers") || encoded.args.length === 0) return false;
    // What is encoded to a list or in another precision is told so.
    return !["precision", "convert_to_numpy", "convert_to_tensor", "output_value"].some((it) =>
      encoded.keywords.has(it),
    );
  }
  let made: Node = unwrap(fetched.object);
  for (let step = 0; step < MOST_STEPS; step++) {
    const method = asMethodCall(made, "cpu", "detach", "squeeze", "view", "reshape", "flatten", "contiguous", "clone");
    if (!method) break;
    made = unwrap(method.object);
  }
  if (made.kind === "identifier") made = unwrap(facts.valueOf(made) ?? made);
  const call = asCall(made);
  const name = call && facts.nameOf(call.callee);
  if (!call || name?.startsWith("builtins.")) return false;
  if (/^torch\.(?:softmax|sigmoid|tanh|nn\.functional\.\w+)$/.test(name ?? ""))
    return !/one_hot|embedding_bag/.test(name!);
  // A network that is called gives numbers with a point; classes and counts are picked by methods.
  return (
    name === undefined &&
    /(?:^|[._])(?:model|net|network|encoder|decoder|tower|backbone|extractor|embedder|generator)$/i.test(
      call.callee.text,
    )
  );
}

const MOST_STEPS = 6;
const OTHER_PRECISION =
  /\b(?:half|autocast|amp|fp16|bf16|bfloat16|float16|float64|double|GradScaler|set_default_dtype|quantiz\w*|load_in_\w+)\b/;

/** By a method that only tensors have, or as a part of what a DataLoader gives. */
function tensorEvidence(value: Node, facts: Facts): Evidence | undefined {
  const node = unwrap(value);
  if (!facts.view.imports("torch") || node.kind !== "identifier") return undefined;
  const tensor = facts.takenFor(node, "tensor", "strong");
  if (tensor) return tensor;
  if (facts.typed(node, "fair")) return undefined;
  const loop = asFor(batchLoop(node, facts));
  const loader = loop && loaderEvidence(loaderIn(loop.iterable), facts);
  return loader && loop.target.kind !== "identifier" && !facts.fileMatches(/\bcollate_fn\b/)
    ? loader.evidence === "proof"
      ? "strong"
      : loader.evidence
    : undefined;
}

/** `np.array(x)`, and `np.asarray(items)` of a list: without a type of its own, and with nothing else that the call is for. */
function isMadeAnew(made: Call, facts: Facts): boolean {
  const name = facts.nameOf(made.callee);
  if (name !== "numpy.array" && name !== "numpy.asarray") return false;
  const [first, more] = made.args;
  if (!first || more || made.hasSplat || made.keywords.size > 0) return false;
  return name === "numpy.array" || facts.isA(first, "list", "fair");
}

/** By what a value was made with a type of elements: `x.astype(T)`, `np.zeros(n, dtype=T)`. */
function dtypeOf(array: Node, facts: Facts): string | undefined {
  const made = asCall(facts.valueOf(array) ?? unwrap(array));
  if (!made || made.hasSplat) return undefined;
  const isCast = asMethodCall(made.node, "astype") !== undefined;
  if (!isCast && !facts.nameOf(made.callee)?.startsWith("numpy.")) return undefined;
  const dtype = isCast ? argumentOf(made, "dtype", 0) : made.keywords.get("dtype");
  return dtype && meaningOf(dtype, facts);
}

function meaningOf(dtype: Node, facts: Facts): string | undefined {
  const name = facts.nameOf(dtype);
  if (name === "builtins.float") return "numpy.float64";
  if (name !== undefined) return name;
  const text = /^["'](\w+)["']$/.exec(dtype.text)?.[1];
  return text === undefined ? undefined : `numpy.${text}`;
}

/** `fresh`: it was made just for the copy · `own`: it was made here and nothing uses it any more · `stored`: what is stored into an array is copied anyway. */
type Reason = "fresh" | "own" | "stored";

function reasonToLeave({ kind, of }: Copy, copy: Node, facts: Facts): Reason | undefined {
  if (isFreshArray(of, facts)) return "fresh";
  const source = unwrap(of);
  if (isStoredInArray(copy, source, facts) && mayBeArray(source, kind, facts)) return "stored";
  const isOwn =
    source.kind === "identifier" &&
    functionAround(copy) !== undefined &&
    isLastOfOwn(
      source,
      copy,
      facts,
      (it) => isFreshArray(it, facts),
      (it) => isHarmless(it, facts),
    );
  return isOwn ? "own" : undefined;
}

/** Stores into the array, chooses elements of it that are copied, or reads it otherwise. */
function isHarmless(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "subscript-store" || use.kind === "augmented" || isOnlyRead(read, facts) === "yes") return true;
  return use.kind === "subscript" && isFreshArray(use.in, facts);
}

/** `buffer[i] = np.array(x)`, where both are not parts of one array. */
function isStoredInArray(copy: Node, source: Node, facts: Facts): boolean {
  const assignment = wrapped(copy).parent;
  if (assignment?.kind !== "assignment" || assignment.parent?.kind === "assignment") return false;
  const into = asSubscript(assignment.field("left") ?? undefined);
  if (!into || nameAtRoot(source)?.text === nameAtRoot(into.value)?.text) return false;
  return facts.isA(into.value, "numpy.ndarray", "strong");
}

/** An array by its type, or for all that is known what else goes into an array as it is: no list, which becomes one first. */
function mayBeArray(source: Node, kind: Copy["kind"], facts: Facts): boolean {
  if (facts.isA(source, "numpy.ndarray")) return true;
  return kind === "function" && /^(identifier|attribute|subscript)$/.test(source.kind) && !facts.typed(source, "fair");
}

/** A call or an operator that makes a new array, which nothing else holds. */
function isFreshArray(source: Node, facts: Facts): boolean {
  const node = unwrap(source);
  if (node.kind === "comparison_operator") return false;
  // Of what is chosen from an array the type may be that of an element; `isNewArray` asks for the places.
  return (node.kind === "subscript" || facts.isA(node, "numpy.ndarray")) && isNewArray(node, facts);
}

function evidenceFor({ kind, of, isTyped }: Copy, isFresh: boolean, facts: Facts): Evidence | undefined {
  if (isFresh) return "proof";
  const array = facts.takenFor(of, "array", "strong");
  if (isTyped) return array && "fair";
  if (array || kind !== "function") return array;
  return facts.takenFor(of, "series", "strong");
}

/** The source is written to in the function, while somebody may still look at the copy. */
function changesLater(source: Node, copy: Node, facts: Facts): boolean {
  if (isReadAtOnce(copy)) return false;
  const base = nameAtRoot(unwrap(source));
  const def = functionAround(copy);
  if (!base || !def) return true;
  const reads = facts.readsOf(base, def);
  return reads.some((it) => isChanged(it, facts));
}

/** Its only use is in the statement that makes it, and no body of a loop or block lies between. */
function isReadAtOnce(copy: Node): boolean {
  const use = useOf(copy);
  const isKept = use.kind === "assigned" || wrapped(copy).parent?.kind === "assignment";
  return !isKept && use.in.kind !== "for_statement" && !copy.ancestor("with_item", "lambda");
}

/** What else the statement calls changes nothing: `x.astype(T) + step(x)` would see what `step` did. */
function isAlone(copy: Node, facts: Facts): boolean {
  return callsUnder(statementOf(copy)).every(
    ({ node }) => node.isInside(copy) || copy.isInside(node) || facts.isPure(node) === "yes",
  );
}

/** A name of this function whose array nobody else has, and nobody changes, as far as its uses are known. */
function isReadAlone(source: Node, copy: Node, facts: Facts): boolean {
  const name = unwrap(source);
  const def = functionAround(copy);
  if (name.kind !== "identifier" || !def || facts.scopeOf(name).node !== def || facts.isRemote(name)) return false;
  return facts
    .readsOf(name)
    .every((it) => functionAround(it) === def && (useOf(it).kind === "returned" || isOnlyRead(it, facts) === "yes"));
}

const READ = new Set([
  "operand",
  "compared",
  "membership",
  "formatted",
  "tested",
  "iterated",
  "subscript",
  "attribute",
  "returned",
  "method",
  "argument",
  "call",
]);
/** Of NumPy's generators and of the module random. */
const SHUFFLES = /(?:^|\.)shuffle$/;
const MUTATORS =
  /^(fill|sort|partition|put|resize|itemset|setfield|setflags|byteswap|append|extend|insert|update|pop)$/;

/** Written to by way of this read: `x[0] = 1`, `x += 1`, `x.sort()`, `f(out=x)`, also through what hangs on it, or held by another name. */
function isChanged(read: Node, facts: Facts): boolean {
  const use = useOf(read);
  if (use.kind === "method") return MUTATORS.test(use.name ?? "");
  if (use.kind === "argument")
    return isOnlyRead(read, facts) === "no" || SHUFFLES.test(asCall(use.call)?.callee.text ?? "");
  if (use.kind === "subscript" || use.kind === "attribute") return isChanged(use.in, facts);
  return !READ.has(use.kind);
}
