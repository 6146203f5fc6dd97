/** How much the place of a piece of code matters: by the loops around it, by the function it stands in, by who calls that. */

import { asAttribute, asCall, asMethodCall, wrapped } from "../syntax/expressions.js";
import { asFunction, functionAround, type FunctionDef } from "../syntax/statements.js";
import { textValue } from "../syntax/strings.js";
import type { Kind } from "../syntax/kinds.generated.js";
import type { Node } from "../syntax/tree.js";
import { functionKnownAs, globalNameOf, isInMainGuard, isPrivate } from "./callers.js";
import type { ClassInfo } from "./classes.js";
import type { Weight } from "./evidence.js";
import { loopsAround } from "./loops.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { mentionsOfClass } from "./places.js";
import { product, sizes } from "./sizes.js";
import type { Binding } from "./scopes.js";
import { jottings, makeScratch } from "./store.js";
import type { Maybe } from "./types.js";
import { useOf } from "./uses.js";
import { lastIdentifier } from "../text/identifiers.js";

export interface Weights {
  /** `heavy`: many times for certain, or per request, batch, step or row · `light`: a handful of times, once at import, in an error path · `unknown`: the rest. */
  weightOf(node: Node): Weight;
  /** How much there is to go through. */
  sizeOf(iterable: Node): Weight;
  /** Computes `calls:function` and `calls:Class.method`: how often the callers in this file run it. */
  callsOf(path: string): Weight;
  /** Computes `row-wise:name`: whether something calls what the module binds to that name for each row. */
  isNameRowWise(name: string): boolean;
}

/** How many functions around functions are looked at. */
const NESTED = 4;
/** What is called from more places is looked at no further. */
const MOST_CALLS = 60;

export function weights(view: ModuleView, names: Names, typeOf: (node: Node) => Maybe): Weights {
  const { sizeOf, turnsOf } = sizes(view, names, typeOf);
  /** For whoever asks outside of any question of the store. */
  const own = makeScratch();

  /** Without looking at callers: so that no question leads back to itself. */
  const ownWeight = (node: Node, depth = 0): { readonly weight: Weight; readonly isLoop: boolean } => {
    if (isColdPath(node)) return { weight: "light", isLoop: false };
    const loops = loopsAround(node);
    const turns = loops.length === 0 ? undefined : product(loops.map(turnsOf));
    if (turns === "heavy" || isManyTogether(loops)) return { weight: "heavy", isLoop: true };
    const home = functionAround(node);
    // In no function, class bodies included: when the module is imported or the script is started.
    const context = home ? functionWeight(home, depth) : "light";
    if (context === "heavy") return { weight: "heavy", isLoop: false };
    return { weight: turns ?? context, isLoop: turns !== undefined };
  };

  /** Runs when something has gone wrong: within its function, what is raised, what handles it, and what leads up to it alone. */
  const isColdPath = (node: Node): boolean => {
    for (let inner = node, outer = node.parent; outer; inner = outer, outer = outer.parent) {
      if (outer.kind === "function_definition" || outer.kind === "lambda") return false;
      if (outer.kind === "raise_statement" || outer.kind === "except_clause") return true;
      if (outer.kind === "assert_statement") return outer.children[1] === inner;
      if (outer.kind === "block" && BRANCHES.has(outer.parent!.kind) && raises(outer)) return true;
    }
    return false;
  };

  /** Asked for everything in the block. */
  const raises = (block: Node): boolean => {
    const known = jottings(view.store.scratch ?? own, "raises") as Map<Node, boolean>;
    const found = known.get(block) ?? endsInRaise(block);
    known.set(block, found);
    return found;
  };

  /** Two loops, one in the other, of which nobody can tell how often they turn, are long enough together. */
  const isManyTogether = (loops: readonly Node[]) => loops.filter((it) => turnsOf(it) === "unknown").length > 1;

  const functionWeight = (home: Node, depth: number): Weight => {
    const known = jottings(view.store.scratch ?? own, "functions") as Map<Node, Weight>;
    const found = known.get(home) ?? weightOfFunction(home, depth);
    if (depth === 0) known.set(home, found);
    return found;
  };

  const weightOfFunction = (home: Node, depth: number): Weight => {
    if (home.kind === "lambda") return isRowWise(home) ? "heavy" : outerWeight(home, depth);
    const def = asFunction(home);
    if (!def) return "unknown";
    if (def.decorators.some(isPerRequest) || RUN_EACH.test(def.name)) return "heavy";
    const owner = view.classOf(def.outer);
    if (owner) return methodWeight(def, owner);
    if (isView(def) || isGivenRowWise(def)) return "heavy";
    if (RUN_ONCE.test(def.name)) return "light";
    return outerWeight(home, depth);
  };

  const isGivenRowWise = (def: FunctionDef): boolean => {
    const binding = names.bindingOf(def.nameNode);
    if (!binding) return false;
    // Asked in one piece after the other, for functions that share their name.
    if (binding.sites.length > 1 && binding.scope.kind === "module")
      return view.store.ask<boolean>("row-wise", binding.name);
    const known = jottings(view.store.scratch ?? own, "row-wise") as Map<Binding, boolean>;
    let found = known.get(binding);
    if (found === undefined) known.set(binding, (found = binding.reads.some(isRowWise)));
    return found;
  };

  const isNameRowWise = (name: string): boolean => view.bindingOf(name)?.reads.some(isRowWise) ?? false;

  /** A function inside another runs at least where that is heavy. */
  const outerWeight = (home: Node, depth: number): Weight =>
    functionAround(home) && depth < NESTED && ownWeight(home, depth + 1).weight === "heavy" ? "heavy" : "unknown";

  const methodWeight = (def: FunctionDef, owner: ClassInfo): Weight => {
    const bases = owner.def.bases.map((it) => lastIdentifier(it.text));
    if (bases.some((it) => HANDLERS.test(it)) && HANDLES.test(def.name)) return "heavy";
    if ((bases.some((it) => DATASETS.test(it)) || DATASETS.test(owner.name)) && PER_ITEM.test(def.name)) return "heavy";
    if (bases.some((it) => MODULES.test(it)) && PER_BATCH.test(def.name)) return "heavy";
    return RUN_ONCE.test(def.name) ? "light" : "unknown";
  };

  /** A view of Django or a handler of aiohttp: told by its first parameter, in a file that imports one of them. */
  const isView = (def: FunctionDef): boolean =>
    def.parameters[0]?.name === "request" && SERVERS.some((it) => view.imports(it));

  /** `@app.get("/rows")`, `@api_view(["GET"])`, `@celery.task`. */
  const isPerRequest = (decorator: Node): boolean => {
    const call = asCall(decorator);
    const callee = call?.callee ?? decorator;
    const attribute = asAttribute(callee);
    if (!attribute) return PER_REQUEST.test(callee.text);
    if (ROUTES.has(attribute.name)) return textValue(call?.args[0])?.startsWith("/") ?? false;
    return HOOKS.has(attribute.name);
  };

  /** Given to something that calls it for each row: `frame.apply(f)`, `dataset.map(f)`, `DataLoader(collate_fn=f)`. */
  const isRowWise = (value: Node): boolean => {
    const use = useOf(value);
    if (use.kind !== "argument") return false;
    if (use.name !== undefined && /^(collate_fn|worker_init_fn|converters|udf)$/.test(use.name))
      return use.name === "collate_fn";
    const call = asCall(use.call);
    const name = call && names.nameOf(call.callee);
    if (name === "builtins.map" || name === "builtins.filter")
      return call!.args[0] === wrapped(value) && call!.args[1] !== undefined && sizeOf(call!.args[1]) === "heavy";
    if (name !== undefined)
      return /\b(udf|pandas_udf|vectorize|apply_along_axis|frompyfunc|from_generator)$/.test(name);
    const method = asMethodCall(use.call);
    return (
      method !== undefined &&
      ROW_WISE.has(method.method) &&
      method.args[0] === wrapped(value) &&
      !isExecutor(method.object)
    );
  };

  const isExecutor = (object: Node) => /pool|executor/i.test(object.text);

  const callsOf = (path: string): Weight => {
    const def = functionKnownAs(path, view);
    return def ? calledWeight(def) : "unknown";
  };

  /** Heavy where one call is; light where all calls can be seen, and each is. */
  const calledWeight = (def: FunctionDef): Weight => {
    const owner = view.classOf(def.outer);
    const mentions = owner && mentionsOfClass(owner, def.name, view);
    if (owner && !mentions) return "unknown";
    const others = mentions?.elsewhere ?? [];
    const isMine = (it: Node) => typeOf(asAttribute(it)!.object)?.name === `local.${owner?.name}`;
    const reads = mentions
      ? [...mentions.own, ...(others.length > MOST_CALLS ? [] : others.filter(isMine))]
      : (names.bindingOf(def.nameNode)?.reads ?? []);
    if (reads.length > MOST_CALLS) return "unknown";
    const isLocal = functionAround(def.outer) !== undefined && !owner;
    let isSeen = reads.length > 0 && others.length === 0 && (isPrivate(def.name) || isLocal || isGuarded(reads));
    for (const read of reads) {
      const isCall = owner ? read.fieldName === "function" : useOf(read).kind === "call";
      const { weight } = isCall && !read.isInside(def.node) ? ownWeight(read) : { weight: "unknown" };
      if (weight === "heavy") return "heavy";
      if (weight !== "light") isSeen = false;
    }
    return isSeen ? "light" : "unknown";
  };

  /** Called in the main guard, as `main()` is. */
  const isGuarded = (reads: readonly Node[]) => reads.every((it) => !functionAround(it) && isInMainGuard(it));

  const callers = (def: FunctionDef): Weight => {
    const path = globalNameOf(def, view);
    if (path !== undefined) return view.store.ask<Weight>("calls", path);
    return calledWeight(def);
  };

  const weightOf = (node: Node): Weight => {
    const known = jottings(view.store.scratch ?? own, "weights") as Map<Node, Weight>;
    const found = known.get(node);
    if (found !== undefined) return found;
    const weight = computed(node);
    known.set(node, weight);
    return weight;
  };
  const computed = (node: Node): Weight => {
    if (isTestFunction(node)) return "light";
    const { weight, isLoop } = ownWeight(node);
    const home = weight === "heavy" || isColdPath(node) ? undefined : functionAround(node);
    const def = asFunction(home);
    const called = def ? callers(def) : "unknown";
    if (called === "heavy") return "heavy";
    return weight === "unknown" && !isLoop && called === "light" ? "light" : weight;
  };

  return { weightOf, sizeOf, callsOf, isNameRowWise };
}

const BRANCHES: ReadonlySet<Kind> = new Set<Kind>(["if_statement", "elif_clause", "else_clause"]);

/** A branch that only leads up to an exception. */
function endsInRaise(block: Node): boolean {
  return (
    block.lastChild?.kind === "raise_statement" && block.descendants("for_statement", "while_statement").length === 0
  );
}

function isTestFunction(node: Node): boolean {
  for (let home = functionAround(node); home; home = functionAround(home))
    if (/^test_(?!(?:one_)?(?:epoch|step|loop|batch|model|set|net(?:work)?)$)/.test(asFunction(home)?.name ?? ""))
      return true;
  return false;
}

const ROUTES = new Set([
  "get",
  "post",
  "put",
  "delete",
  "patch",
  "head",
  "options",
  "route",
  "api_route",
  "websocket",
  "websocket_route",
]);
const HOOKS = new Set([
  "before_request",
  "after_request",
  "middleware",
  "context_processor",
  "teardown_request",
  "task",
  "on_message",
]);
const PER_REQUEST =
  /^(shared_task|api_view|csrf_exempt|login_required|require_(GET|POST|http_methods|safe)|permission_required|(pandas_)?udf|pytest_asyncio\b.*)$/;
const SERVERS = ["django", "rest_framework", "flask", "aiohttp", "starlette", "fastapi", "sanic", "bottle", "pyramid"];
const HANDLERS =
  /(View|ViewSet|APIView|MethodView|Resource|RequestHandler|HTTPEndpoint|WebSocketHandler|Consumer|Middleware|Servicer)$/;
const HANDLES =
  /^(get|post|put|patch|delete|head|options|dispatch|list|retrieve|create|update|destroy|get_queryset|get_context_data|form_valid|do_[A-Z]+|on_message|receive|receive_json|__call__|process_request|process_response|[A-Z]\w+)$/;
const DATASETS = /(Dataset|DataModule)$/;
const PER_ITEM = /^(__getitem__|__next__|collate\w*)$/;
const MODULES = /(Module|Layer|Model|Function|Trainer|Loss|Metric)$/;
const PER_BATCH = /^(forward|backward|call|(training|validation|test|train|predict)_step|compute_loss|update_state)$/;
const RUN_EACH = /^((training|validation|train|val|eval)_step|train_(one_)?batch|collate(_fn)?)$/;
/** Functions that a program runs once, by their names. */
const RUN_ONCE =
  /^(main|_?(parse|get|add)_(args?|arguments|parser)|(make|build|create)_(arg(ument)?_)?parser|setup|setup_(logging|logger|seed)|configure_logging|cli|setUp(Class|Module)?|tearDown(Class|Module)?|__init_subclass__|__set_name__)$/;
const ROW_WISE = new Set([
  "apply",
  "applymap",
  "map",
  "transform",
  "progress_apply",
  "progress_map",
  "parallel_apply",
  "map_partitions",
  "mapPartitions",
  "flatMap",
  "map_elements",
  "map_rows",
]);
