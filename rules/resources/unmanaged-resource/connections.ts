/** Connections to databases that look managed: a `with` that only ends the transaction, an object that opens one and has no way to close it. */

import {
  asAssignment,
  asWith,
  functionAround,
  openedBy,
  openedThrough,
  statementOf,
  unwrap,
  type Facts,
  type Node,
  type Opened,
} from "../../../analysis/authoring.js";

/** Drivers whose connections stay open behind their `with`; those of others close. */
const COMMIT_ONLY = /^(?:sqlite3|psycopg2|pyodbc)\.connect$/;

export interface LeftOpen {
  readonly how: "committed" | "kept" | "listed";
  readonly opened: Opened;
  /** The name or attribute that stands for the connection. */
  readonly name: Node | undefined;
}

/** `with sqlite3.connect(path) as db:`, where nothing closes `db`. */
export function leftByWith(node: Node, facts: Facts): readonly LeftOpen[] {
  const items = asWith(node)?.items ?? [];
  return items.flatMap((item) => {
    const value = unwrap(item.value);
    const opened = value.kind === "call" ? (openedBy(value, facts) ?? openedThrough(value, facts)) : undefined;
    if (!opened || !COMMIT_ONLY.test(opened.name)) return [];
    const name = item.alias;
    if (name && (name.kind !== "identifier" || isClosedOrKept(name, facts))) return [];
    return [{ how: "committed", opened, name }];
  });
}

const isClosedOrKept = (name: Node, facts: Facts): boolean =>
  facts.readsOf(name).some((read) => {
    const { parent } = read;
    if (parent?.kind === "attribute") return parent.field("attribute")?.text === "close";
    return parent?.kind === "assignment" || parent?.kind === "return_statement" || isClosing(parent?.parent);
  });

const isClosing = (call: Node | undefined): boolean =>
  call?.kind === "call" && /(?:^|\.)(?:closing|callback|push|enter_context)$/.test(call.field("function")!.text);

/** `self.db = connect(…)` where an object is made, of a class whose methods never close it. */
export function leftByObject(opened: Opened, facts: Facts): LeftOpen | undefined {
  const statement = statementOf(opened.call.node);
  const assignment = asAssignment(statement);
  const [name, more] = assignment?.targets ?? [];
  const method = functionAround(statement);
  if (opened.kind !== "closing" || name?.kind !== "attribute" || more || !method) return undefined;
  if (!assignment?.value || unwrap(assignment.value) !== opened.call.node) return undefined;
  const info = facts.classOf(method);
  const isMaker = /^__(?:post_)?init__$/.test(method.field("name")?.text ?? "");
  if (!info || !isMaker || info.isDynamic || info.def.bases.length > 0 || info.methods.some(isEnding)) return undefined;
  const place = facts.placeOf(name);
  // Others may close it, or ask for it to do so.
  const isInside = place?.uses.every((it) => it.kind === "method" && it.name !== "close");
  if (!place || !isInside || place.readsElsewhere.length > 0) return undefined;
  return { how: "kept", opened, name };
}

const isEnding = (method: { readonly def: { readonly name: string } }): boolean =>
  /close|exit|__del__|disconnect|shutdown|stop|end|finish|clean|release|dispose|teardown|quit/i.test(method.def.name);
