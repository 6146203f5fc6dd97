/** Typed views on statements, and the way from an expression to its statement, block and neighbours. */

import { unwrap, wrapped } from "./expressions.js";
import type { Kind } from "./kinds.generated.js";
import { FIELD_IDS, KIND_IDS, type Node, type Span } from "./tree.js";

/** View of a `for` statement. */
export interface ForLoop {
  readonly node: Node;
  readonly target: Node;
  readonly iterable: Node;
  readonly body: Node;
  readonly orElse: Node | undefined;
  readonly isAsync: boolean;
}

/** A `for` statement, `async for` included. */
export function asFor(node: Node | undefined): ForLoop | undefined {
  if (node?.kind !== "for_statement" || node.isBroken) return undefined;
  return (node.view ??= forView(node)) as ForLoop | undefined;
}

function forView(node: Node): ForLoop | undefined {
  const target = node.field("left");
  const iterable = node.field("right");
  const body = node.field("body");
  if (!target || !iterable || !body) return undefined;
  return { node, target, iterable, body, orElse: node.field("alternative"), isAsync: node.hasToken("async") };
}

/** View of a `while` statement. */
export interface WhileLoop {
  readonly node: Node;
  readonly condition: Node;
  readonly body: Node;
  readonly orElse: Node | undefined;
}

/** A `while` statement. */
export function asWhile(node: Node | undefined): WhileLoop | undefined {
  if (node?.kind !== "while_statement" || node.isBroken) return undefined;
  const condition = node.field("condition");
  const body = node.field("body");
  return condition && body ? { node, condition, body, orElse: node.field("alternative") } : undefined;
}

/** View of an `if` statement. */
export interface If {
  readonly node: Node;
  readonly condition: Node;
  readonly body: Node;
  readonly elifs: readonly { readonly node: Node; readonly condition: Node; readonly body: Node }[];
  readonly orElse: Node | undefined;
}

/** An `if` statement with its `elif` and `else`. */
export function asIf(node: Node | undefined): If | undefined {
  if (node?.kind !== "if_statement" || node.isBroken) return undefined;
  return (node.view ??= ifView(node)) as If | undefined;
}

const NO_ELIFS: If["elifs"] = [];

function ifView(node: Node): If | undefined {
  const condition = node.field("condition");
  const body = node.field("consequence");
  if (!condition || !body) return undefined;
  const alternatives = node.fieldAll("alternative");
  if (alternatives.length === 0) return { node, condition, body, elifs: NO_ELIFS, orElse: undefined };
  const elifs = alternatives.flatMap((it) => {
    const [test, block] = [it.field("condition"), it.field("consequence")];
    return it.kind === "elif_clause" && test && block ? [{ node: it, condition: test, body: block }] : [];
  });
  return { node, condition, body, elifs, orElse: alternatives.find((it) => it.kind === "else_clause")?.field("body") };
}

/** View of one parameter. */
export interface Parameter {
  readonly node: Node;
  readonly name: string;
  readonly nameNode: Node;
  readonly annotation: Node | undefined;
  readonly defaultValue: Node | undefined;
  /** `*args` / `**kwargs`. */
  readonly star: "" | "*" | "**";
  readonly isKeywordOnly: boolean;
}

/** The parameters in a parameter list, in order. */
export function parametersOf(list: Node | undefined): readonly Parameter[] {
  return list ? ((list.view ??= parametersView(list)) as readonly Parameter[]) : [];
}

function parametersView(list: Node): readonly Parameter[] {
  const parameters: Parameter[] = [];
  let isKeywordOnly = false;
  for (const node of list.children) {
    if (node.kind === "keyword_separator") isKeywordOnly = true;
    const parameter = parameterOf(node, isKeywordOnly);
    if (parameter?.star === "*") isKeywordOnly = true;
    if (parameter) parameters.push(parameter);
  }
  return parameters;
}

function parameterOf(node: Node, isKeywordOnly: boolean): Parameter | undefined {
  const inner = node.kind === "typed_parameter" ? node.children[0] : node;
  const star = inner?.kind === "list_splat_pattern" ? "*" : inner?.kind === "dictionary_splat_pattern" ? "**" : "";
  const nameNode = star ? inner!.children[0] : inner?.kind === "identifier" ? inner : node.field("name");
  if (nameNode?.kind !== "identifier") return undefined;
  return {
    node,
    name: nameNode.text,
    nameNode,
    annotation: node.field("type"),
    defaultValue: node.field("value"),
    star,
    isKeywordOnly,
  };
}

/** View of a function definition. */
export interface FunctionDef {
  readonly node: Node;
  readonly name: string;
  readonly nameNode: Node;
  readonly parameters: readonly Parameter[];
  readonly returns: Node | undefined;
  readonly body: Node;
  readonly isAsync: boolean;
  readonly decorators: readonly Node[];
  /** The definition with its decorators. */
  readonly outer: Node;
}

/** A `def`, `async def` included; takes the decorated one too. */
export function asFunction(node: Node | undefined): FunctionDef | undefined {
  const inner = node?.kind === "decorated_definition" ? node.field("definition") : node;
  return inner?.kind === "function_definition"
    ? ((inner.view ??= functionView(inner)) as FunctionDef | undefined)
    : undefined;
}

function functionView(inner: Node): FunctionDef | undefined {
  const nameNode = inner.field("name");
  const body = inner.field("body");
  if (!nameNode || !body) return undefined;
  return new FunctionView(inner, nameNode, body);
}

/** Every function of a file gets one, and few of them are asked for more than their name and body. */
class FunctionView implements FunctionDef {
  readonly outer: Node;
  #decorators: readonly Node[] | undefined = undefined;

  constructor(
    readonly node: Node,
    readonly nameNode: Node,
    readonly body: Node,
  ) {
    this.outer = outerOf(node);
  }

  get name(): string {
    return this.nameNode.text;
  }

  get parameters(): readonly Parameter[] {
    return parametersOf(this.node.field("parameters"));
  }

  get returns(): Node | undefined {
    return this.node.field("return_type");
  }

  get isAsync(): boolean {
    return this.node.hasToken("async");
  }

  get decorators(): readonly Node[] {
    return (this.#decorators ??= decoratorsOf(this.node, this.outer));
  }
}

/** View of a class definition. */
export interface ClassDef {
  readonly node: Node;
  readonly name: string;
  readonly nameNode: Node;
  /** Positional base classes. */
  readonly bases: readonly Node[];
  readonly keywords: ReadonlyMap<string, Node>;
  readonly hasSplat: boolean;
  /** Absent in the head of a class whose members are pieces of their own. */
  readonly body: Node | undefined;
  readonly decorators: readonly Node[];
  readonly outer: Node;
}

/** A class definition; takes the decorated one too. */
export function asClass(node: Node | undefined): ClassDef | undefined {
  const inner = node?.kind === "decorated_definition" ? node.field("definition") : node;
  return inner?.kind === "class_definition" ? ((inner.view ??= classView(inner)) as ClassDef | undefined) : undefined;
}

function classView(inner: Node): ClassDef | undefined {
  const nameNode = inner.field("name");
  if (!nameNode) return undefined;
  const outer = outerOf(inner);
  const listed = inner.field("superclasses")?.children ?? [];
  const keywords = new Map(
    listed.flatMap((it) =>
      it.kind === "keyword_argument" ? [[it.field("name")!.text, it.field("value")!] as const] : [],
    ),
  );
  return {
    node: inner,
    name: nameNode.text,
    nameNode,
    bases: listed.filter((it) => it.kind !== "keyword_argument" && !it.kind.endsWith("_splat")).map(unwrap),
    keywords,
    hasSplat: listed.some((it) => it.kind.endsWith("_splat")),
    body: inner.field("body"),
    decorators: decoratorsOf(inner, outer),
    outer,
  };
}

function outerOf(definition: Node): Node {
  return definition.parent?.kind === "decorated_definition" ? definition.parent : definition;
}

function decoratorsOf(definition: Node, outer: Node): readonly Node[] {
  return outer === definition
    ? NO_DECORATORS
    : outer.children.flatMap((it) => (it.kind === "decorator" ? it.children.slice(0, 1).map(unwrap) : []));
}

const NO_DECORATORS: readonly Node[] = [];

/** View of an assignment, chained ones included. */
export interface Assignment {
  readonly node: Node;
  /** `a = b = value` has two. */
  readonly targets: readonly Node[];
  readonly annotation: Node | undefined;
  /** Absent in a bare annotation. */
  readonly value: Node | undefined;
}

/** An assignment statement's whole chain; takes the `expression_statement` or the outermost `assignment`. */
export function asAssignment(node: Node | undefined): Assignment | undefined {
  const outer = node?.kind === "expression_statement" ? node.firstChild : node;
  if (outer?.kind !== "assignment" || outer.isBroken) return undefined;
  return (outer.view ??= assignmentView(outer)) as Assignment | undefined;
}

function assignmentView(outer: Node): Assignment | undefined {
  const targets: Node[] = [];
  let inner: Node | undefined = outer;
  while (inner?.kind === "assignment") {
    const left: Node | undefined = inner.field("left");
    if (!left) return undefined;
    targets.push(left);
    inner = inner.field("right");
  }
  return { node: outer, targets, annotation: outer.field("type"), value: inner };
}

/** View of `target += value` and the like. */
export interface AugmentedAssignment {
  readonly node: Node;
  readonly target: Node;
  /** With its equals sign: `+=`. */
  readonly operator: string;
  readonly value: Node;
}

/** `target += value` and the like; takes the `expression_statement` too. */
export function asAugmented(node: Node | undefined): AugmentedAssignment | undefined {
  const inner = node?.kind === "expression_statement" ? node.firstChild : node;
  if (inner?.kind !== "augmented_assignment" || inner.isBroken) return undefined;
  const target = inner.field("left");
  const operator = inner.field("operator");
  const value = inner.field("right");
  return target && operator && value ? { node: inner, target, operator: operator.text, value } : undefined;
}

export interface WithItem {
  readonly node: Node;
  readonly value: Node;
  readonly alias: Node | undefined;
}

/** View of a `with` statement. */
export interface With {
  readonly node: Node;
  readonly items: readonly WithItem[];
  readonly body: Node;
  readonly isAsync: boolean;
}

/** A `with` statement, `async with` included. */
export function asWith(node: Node | undefined): With | undefined {
  if (node?.kind !== "with_statement" || node.isBroken) return undefined;
  return (node.view ??= withView(node)) as With | undefined;
}

function withView(node: Node): With | undefined {
  const body = node.field("body");
  const clause = node.children.find((it) => it.kind === "with_clause");
  if (!body || !clause) return undefined;
  const items = clause.descendants("with_item").map((it) => {
    const value = it.field("value")!;
    if (value.kind !== "as_pattern") return { node: it, value: unwrap(value), alias: undefined };
    return { node: it, value: unwrap(value.children[0]!), alias: value.field("alias")?.children[0] };
  });
  return { node, items, body, isAsync: node.hasToken("async") };
}

/** View of a `try` statement. */
export interface Try {
  readonly node: Node;
  readonly body: Node;
  readonly handlers: readonly {
    readonly node: Node;
    readonly type: Node | undefined;
    readonly alias: Node | undefined;
    readonly body: Node;
  }[];
  readonly orElse: Node | undefined;
  readonly finalizer: Node | undefined;
}

/** A `try` statement with its handlers, `else` and `finally`. */
export function asTry(node: Node | undefined): Try | undefined {
  if (node?.kind !== "try_statement" || node.isBroken) return undefined;
  return (node.view ??= tryView(node)) as Try | undefined;
}

/** One of a `try`, which may have thousands. */
export function asHandler(node: Node): Try["handlers"][number] | undefined {
  return node.kind === "except_clause"
    ? ((node.view ??= handlerView(node)) as Try["handlers"][number] | undefined)
    : undefined;
}

function handlerView(node: Node): Try["handlers"][number] | undefined {
  const body = blockIn(node);
  if (!body) return undefined;
  const value = node.field("value");
  const alias = node.field("alias") ?? (value?.kind === "as_pattern" ? value.field("alias")?.children[0] : undefined);
  return { node, type: value?.kind === "as_pattern" ? value.children[0] : value, alias, body };
}

function blockIn(node: Node | undefined): Node | undefined {
  return node?.children.find((it) => it.kind === "block");
}

function tryView(node: Node): Try | undefined {
  const body = node.field("body");
  if (!body) return undefined;
  const handlers = node.children.flatMap((it) => asHandler(it) ?? []);
  const otherwise = node.children.find((it) => it.kind === "else_clause");
  return {
    node,
    body,
    handlers,
    orElse: otherwise?.field("body"),
    finalizer: blockIn(node.children.find((it) => it.kind === "finally_clause")),
  };
}

/** The value of an expression statement: `f(x)` standing alone. */
export function expressionOf(statement: Node): Node | undefined {
  if (statement.kind !== "expression_statement") return undefined;
  const only = statement.firstChild;
  return only?.nextSibling ? undefined : only;
}

/** The statements of a block or module, without comments. */
export function statementsOf(block: Node): readonly Node[] {
  return block.children;
}

/** `x` of `x = value`: the name that is given the value alone, and nothing else is. */
export function nameGiven(value: Node): Node | undefined {
  const assignment = asAssignment(wrapped(value).parent);
  const [target, more] = assignment?.targets ?? [];
  return target?.kind === "identifier" && !more && assignment?.value && unwrap(assignment.value) === value
    ? target
    : undefined;
}

/** The one statement of a block; undefined where there are more, or no block. */
export function onlyStatement(block: Node | undefined): Node | undefined {
  const [only, more] = block ? statementsOf(block) : [];
  return more ? undefined : only;
}

const BLOCK = KIND_IDS.get("block")!;
const MODULE = KIND_IDS.get("module")!;

/** The innermost statement around a node (or the node itself): the child of a block or of the piece's top. */
export function statementOf(node: Node): Node {
  const { kinds, parents } = node.tree.arrays;
  let statement = node.id;
  for (let around = parents[statement]!; around >= 0; around = parents[around]!) {
    if (kinds[around] === BLOCK || kinds[around] === MODULE) break;
    statement = around;
  }
  return node.tree.node(statement);
}

/** The statement above in the same block. */
export function previousStatement(statement: Node): Node | undefined {
  return statement.previousSibling;
}

/** The statement below in the same block. */
export function nextStatement(statement: Node): Node | undefined {
  return statement.nextSibling;
}

const LOOPS: readonly Kind[] = ["for_statement", "while_statement"];
const FUNCTIONS: readonly Kind[] = ["function_definition", "lambda"];
const FUNCTION = KIND_IDS.get("function_definition")!;
const LAMBDA = KIND_IDS.get("lambda")!;
const BODY = FIELD_IDS.get("body")!;

/** The function or lambda whose body runs the node, within its piece; decorators, defaults and annotations belong outside. */
export function functionAround(node: Node): Node | undefined {
  const { fields, kinds, parents } = node.tree.arrays;
  for (let inner = node.id, outer = parents[inner]!; outer >= 0; inner = outer, outer = parents[outer]!)
    if (fields[inner] === BODY && (kinds[outer] === FUNCTION || kinds[outer] === LAMBDA)) return node.tree.node(outer);
  return undefined;
}

/** A handler of a `try` around the node, in the same function, waits for what it may raise; where `catches` is given, one whose type it takes. */
export function isCaught(node: Node, catches?: (type: Node | undefined) => boolean): boolean {
  const own = functionAround(node);
  for (let at = node.ancestor("try_statement"); at && functionAround(at) === own; at = at.ancestor("try_statement")) {
    const tried = asTry(at);
    if (tried && node.isInside(tried.body) && tried.handlers.some(({ type }) => catches?.(type) ?? true)) return true;
  }
  return false;
}

/** `break` and `continue` that belong to the loop itself, not to a loop inside it. */
export function jumpsOf(loop: Node): readonly Node[] {
  return (loop.field("body")?.descendants("break_statement", "continue_statement") ?? []).filter(
    (it) => it.ancestor(...LOOPS, ...FUNCTIONS) === loop,
  );
}

/** The turn of the loop that comes to a node is the last: what follows it in one of the blocks around it leaves the loop. */
export function isInLastTurn(node: Node, loop: Node): boolean {
  for (let at: Node | undefined = node; at && at !== loop; at = at.parent) {
    if (/^(?:return_statement|raise_statement|assert_statement)$/.test(at.kind)) return true;
    if (at.kind !== "block") continue;
    if (/^(?:break_statement|return_statement|raise_statement)$/.test(statementsOf(at).at(-1)?.kind ?? "")) return true;
  }
  return false;
}

/** The indentation of the line a node stands on. */
export function indentOf(node: Span): string {
  const lineStart = node.tree.text.lastIndexOf("\n", node.start - 1) + 1;
  return /^[ \t\f]*/.exec(node.tree.text.slice(lineStart, node.start))![0];
}

/** True if nothing but white space stands before the node on its line. */
export function startsLine(node: Span): boolean {
  const lineStart = node.tree.text.lastIndexOf("\n", node.start - 1) + 1;
  return /^[ \t\f]*$/.test(node.tree.text.slice(lineStart, node.start));
}
