/** Places: what a name or an attribute of the method's own object is read, written and used for, asked in one way for both. */

import { asAttribute, asComprehension, unwrap } from "../syntax/expressions.js";
import type { Kind } from "../syntax/kinds.generated.js";
import { asAssignment, functionAround } from "../syntax/statements.js";
import type { Node } from "../syntax/tree.js";
import type { ClassInfo } from "./classes.js";
import { indexOfBinding, Ordered } from "./binding-index.js";
import { dominates, reachingSites } from "./flow.js";
import type { ModuleView } from "./module.js";
import type { Names } from "./names.js";
import { ownObjectOf } from "./own-object.js";
import { pieceOf } from "./piece.js";
import type { Binding, Site, SiteKind } from "./scopes.js";
import { jottings, makeScratch } from "./store.js";
import { useOf, type Use } from "./uses.js";

/** A local name, or an attribute of the own object, with all its reads, writes and uses. */
export interface Place {
  readonly kind: "name" | "attribute";
  /** `rows`, `self.rows`. */
  readonly text: string;
  /** The class of whose objects it is an attribute. */
  readonly owner: ClassInfo | undefined;
  /** All reads: of an attribute those in all methods of its class, and of related classes of the file. */
  readonly reads: readonly Node[];
  /** All that binds it; of an attribute, `name` is the whole `self.rows`. Values at the class's own level are among them. */
  readonly writes: readonly Site[];
  readonly uses: readonly Use[];
  /** Those inside a region. */
  usesIn(region: Node): readonly Use[];
  /** What is read out of its uses, and out of nothing else: computed once. */
  ofUses<T>(name: string, compute: (uses: readonly Use[]) => T): T;
  /** Reads of an attribute of the same name from other objects: each may be this very one. Empty for names. */
  readonly readsElsewhere: readonly Node[];
  /** The writes that can have given it the value which one of its reads sees. */
  reaching(read: Node): readonly Site[];
}

/** What is read out of the sites of an attribute once for all who ask. */
interface UsesOfSites {
  readonly uses: readonly Use[];
  readonly ordered: Ordered<Use>;
  readonly known: Map<string, unknown>;
}

const keptUses = new WeakMap<AttributeSites, UsesOfSites>();

function usesOfSites(sites: AttributeSites): UsesOfSites {
  let kept = keptUses.get(sites);
  if (!kept) {
    const uses = sites.reads.map(useOf);
    keptUses.set(sites, (kept = { uses, ordered: new Ordered(uses, (it) => it.node), known: new Map() }));
  }
  return kept;
}

/** What the store keeps of an attribute as `place:Class.name`. Undefined where code stores into it that does not name the method's own object. */
export interface AttributeSites {
  readonly reads: readonly Node[];
  readonly writes: readonly Site[];
  readonly readsElsewhere: readonly Node[];
}

/** Undefined for what is neither, and for attributes that may be set unseen: of a class not of this file, by reflection, as a property, from outside. */
export function placeOf(expression: Node, view: ModuleView, names: Names): Place | undefined {
  const node = unwrap(expression);
  if (node.kind === "identifier") return placeOfName(node, names);
  const attribute = asAttribute(node);
  const own = attribute && ownObjectOf(attribute.object, view);
  if (!own || own.method.kind === "class" || own.owner.isDynamic) return undefined;
  const sites = sitesOfAttribute(own.owner, attribute.name, view);
  return sites && new AttributePlace(node.text, own.owner, sites);
}

function placeOfName(identifier: Node, names: Names): Place | undefined {
  const binding = names.bindingOf(identifier);
  return binding && binding.sites.length > 0 ? new NamePlace(binding) : undefined;
}

/** Its reads are noted when they are asked for, as those of any binding. */
class NamePlace implements Place {
  readonly kind = "name";
  readonly owner = undefined;
  readonly readsElsewhere: readonly Node[] = [];

  constructor(private readonly binding: Binding) {}

  get text(): string {
    return this.binding.name;
  }

  get reads(): readonly Node[] {
    return this.binding.reads;
  }

  get writes(): readonly Site[] {
    return this.binding.sites;
  }

  get uses(): readonly Use[] {
    return indexOfBinding(this.binding).uses;
  }

  usesIn(region: Node): readonly Use[] {
    return indexOfBinding(this.binding).orderedUses.inside(region);
  }

  ofUses<T>(name: string, compute: (uses: readonly Use[]) => T): T {
    return indexOfBinding(this.binding).ofUses(name, compute);
  }

  reaching(read: Node): readonly Site[] {
    return reachingSites(this.binding, read);
  }
}

class AttributePlace implements Place {
  readonly kind = "attribute";

  constructor(
    readonly text: string,
    readonly owner: ClassInfo,
    private readonly sites: AttributeSites,
  ) {}

  get reads(): readonly Node[] {
    return this.sites.reads;
  }

  get writes(): readonly Site[] {
    return this.sites.writes;
  }

  get readsElsewhere(): readonly Node[] {
    return this.sites.readsElsewhere;
  }

  get uses(): readonly Use[] {
    return usesOfSites(this.sites).uses;
  }

  usesIn(region: Node): readonly Use[] {
    return usesOfSites(this.sites).ordered.inside(region);
  }

  ofUses<T>(name: string, compute: (uses: readonly Use[]) => T): T {
    const { uses, known } = usesOfSites(this.sites);
    if (!known.has(name)) known.set(name, compute(uses));
    return known.get(name) as T;
  }

  reaching(read: Node): readonly Site[] {
    const home = functionAround(read);
    const here = this.writes.filter((it) => it.kind !== "delete" && home && functionAround(it.name) === home);
    const elsewhere = this.writes.filter((it) => it.kind !== "delete" && !here.includes(it));
    if (!home || here.length === 0) return elsewhere;
    const scope = { kind: "function", node: home, parent: undefined, bindings: new Map() } as const;
    const reached = reachingSites({ name: this.text, scope, sites: here, reads: [], index: undefined }, read);
    const last = reached.find((it) => dominates(it, read) && it.name.start < read.start);
    return last && !mayRunMethods(last, read, home) ? reached : [...reached, ...elsewhere];
  }
}

/** Between a write and a read that follows it, or in the loops they share not, something may run that writes the attribute too. */
function mayRunMethods(write: Site, read: Node, home: Node): boolean {
  let end = read.start;
  for (let loop = read.ancestor(...LOOPS); loop?.isInside(home); loop = loop.ancestor(...LOOPS))
    if (!write.name.isInside(loop)) end = Math.max(end, loop.end);
  const self = asAttribute(write.name)?.object.text ?? "";
  const isBetween = (it: Node) => it.start >= write.owner.end && it.start < end;
  return (
    home.descendants("await", "yield").some(isBetween) ||
    home.identifiers(self).some((it) => {
      if (!isBetween(it)) return false;
      const use = useOf(it);
      return use.kind === "attribute" || use.kind === "attribute-store" ? false : use.kind !== "compared";
    })
  );
}

const LOOPS: readonly Kind[] = ["for_statement", "while_statement"];

function sitesOfAttribute(owner: ClassInfo, name: string, view: ModuleView): AttributeSites | undefined {
  if (view.classByName(owner.name)?.def.node === owner.def.node)
    return view.store.ask<AttributeSites | undefined>("place", `${owner.name}.${name}`);
  // A class that only its own piece can see.
  const known = jottings(view.store.scratch ?? makeScratch(), `place ${name}`) as Map<Node, AttributeSites | undefined>;
  if (known.has(owner.def.node)) return known.get(owner.def.node);
  const found = collected(owner, name, view);
  known.set(owner.def.node, found);
  return found;
}

/** Computes `place:Class.name`. */
export function attributeSites(path: string, view: ModuleView): AttributeSites | undefined {
  const [className = "", name = ""] = path.split(".");
  const owner = view.classByName(className);
  return owner && collected(owner, name, view);
}

/** All mentions of an attribute in the file, by the class whose own object they are about. */
export interface Mentions {
  readonly owned: ReadonlyMap<Node, Owned>;
  /** Those of them that derive from something: nothing else is related to a class that does not. */
  readonly heirs: readonly Owned[];
  /** About other objects; undefined where code stores into one of them. */
  readonly elsewhere: readonly Node[] | undefined;
}

interface Owned {
  /** Which of them is mentioned first. */
  readonly order: number;
  readonly owner: ClassInfo;
  readonly nodes: readonly Node[];
}

/** Computes `mentions:name`. */
export function mentionsOf(name: string, view: ModuleView): Mentions {
  const owned = new Map<Node, Owned & { readonly nodes: Node[] }>();
  let elsewhere: Node[] | undefined = [];
  for (const node of view.attributesOf(name)) {
    const own = ownObjectOf(asAttribute(node)!.object, view);
    if (own && own.method.kind !== "class") {
      const known = owned.get(own.owner.def.node);
      if (known) known.nodes.push(node);
      else owned.set(own.owner.def.node, { order: owned.size, owner: own.owner, nodes: [node] });
    } else if (siteOfTarget(node)) elsewhere = undefined;
    else elsewhere?.push(node);
  }
  return { owned, heirs: [...owned.values()].filter((it) => it.owner.def.bases.length > 0), elsewhere };
}

export function printMentions({ owned, elsewhere }: Mentions): string {
  const own = [...owned.values()].map(({ owner, nodes }) => `${owner.name} ${nodes.map(printNode).join()}`);
  return `${own.join(";")}/${elsewhere?.map(printNode).join() ?? "stored"}`;
}

/** What is said about the own objects of a class and of those related to it in this file, then about other objects; undefined where code stores into those. */
export function mentionsOfClass(
  owner: ClassInfo,
  name: string,
  view: ModuleView,
): { readonly own: readonly Node[]; readonly elsewhere: readonly Node[] } | undefined {
  const { owned, heirs, elsewhere } = view.store.ask<Mentions>("mentions", name);
  if (!elsewhere) return undefined;
  const itself = owned.get(owner.def.node);
  // Thousands of classes that have nothing to do with each other may have an attribute of that name.
  const others =
    owner.def.bases.length > 0
      ? owned.values()
      : [...heirs, ...(itself ? [itself] : [])].sort((a, b) => a.order - b.order);
  const own: Node[] = [];
  // Another class's own attribute of that name is another place.
  for (const it of others) if (areRelated(it.owner, owner, view)) own.push(...it.nodes);
  return { own, elsewhere };
}

function collected(owner: ClassInfo, name: string, view: ModuleView): AttributeSites | undefined {
  if (owner.definesMethod(name)) return undefined;
  if (view.attributesOf("__dict__").length > 0 || view.attributesOf("__setattr__").length > 0) return undefined;
  const mentions = mentionsOfClass(owner, name, view);
  if (!mentions) return undefined;
  const writes: Site[] = owner.attributes.flatMap(({ name: it, nameNode, statement, value, annotation }) => {
    if (it !== name) return [];
    view.looksInto(nameNode.tree);
    const kind = value ? "assign" : "annotate";
    return [{ ...BARE, kind, name: nameNode, owner: statement, value, annotation } as const];
  });
  const reads: Node[] = [];
  for (const node of mentions.own) {
    const site = siteOfTarget(node);
    if (site) writes.push(site);
    if (!site || site.kind === "augment") reads.push(node);
  }
  return { reads, writes, readsElsewhere: mentions.elsewhere };
}

/** Equal prints: the same nodes. */
export function printSites(sites: AttributeSites | undefined): string {
  if (!sites) return "";
  const { reads, writes, readsElsewhere } = sites;
  return [reads.map(printNode), writes.map((it) => printNode(it.name)), readsElsewhere.map(printNode)].join(";");
}

function printNode(node: Node): string {
  return `${pieceOf(node.tree).id}.${node.id}`;
}

/** One class, or one derived from the other in this file. */
function areRelated(a: ClassInfo, b: ClassInfo, view: ModuleView): boolean {
  return a.def.node === b.def.node || derives(a, b, view, 0) || derives(b, a, view, 0);
}

function derives(info: ClassInfo, from: ClassInfo, view: ModuleView, depth: number): boolean {
  return info.def.bases.some((base) => {
    if (base.kind !== "identifier") return false;
    if (base.text === from.name) return true;
    const next = depth < 8 ? view.classByName(base.text) : undefined;
    return next !== undefined && next.def.node !== info.def.node && derives(next, from, view, depth + 1);
  });
}

/** What is set in more places has no one value that is worth the search. */
const MOST_WRITES = 50;
const BARE = { path: [], imported: undefined, isRemote: false } as const;
const PATTERNS: ReadonlySet<Kind> = new Set<Kind>([
  "pattern_list",
  "tuple_pattern",
  "list_pattern",
  "list_splat_pattern",
  "tuple",
  "list",
  "expression_list",
  "parenthesized_expression",
  "list_splat",
]);

/** How an attribute or item is bound where it stands; undefined where it is read. */
export function siteOfTarget(target: Node): Site | undefined {
  const path: number[] = [];
  let node = target;
  while (node.parent && PATTERNS.has(node.parent.kind)) {
    if (node.parent.kind !== "parenthesized_expression" && node.parent.kind !== "list_splat_pattern")
      path.unshift(node.parent.children.indexOf(node));
    node = node.parent;
  }
  const { parent } = node;
  if (!parent) return undefined;
  const site = (kind: SiteKind, owner: Node, value: Node | undefined, annotation?: Node): Site => ({
    ...BARE,
    kind,
    name: target,
    owner,
    value,
    annotation,
    path,
  });
  switch (parent.kind) {
    case "assignment": {
      if (node.fieldName !== "left") return undefined;
      let outer = parent;
      while (outer.parent?.kind === "assignment") outer = outer.parent;
      const { value, annotation } = asAssignment(outer) ?? {};
      return site(value ? "assign" : "annotate", outer, value, annotation);
    }
    case "augmented_assignment":
      return node.fieldName === "left" ? site("augment", parent, parent.field("right")) : undefined;
    case "for_statement":
      return node.fieldName === "left" ? site("for", parent, parent.field("right")) : undefined;
    case "for_in_clause":
      return node.fieldName === "left"
        ? site("for", parent, asComprehension(parent.parent)?.clauses.find((it) => it.target === node)?.iterable)
        : undefined;
    case "as_pattern_target": {
      const statement = parent.ancestor("with_statement");
      return statement && site("with", statement, parent.parent?.children[0]);
    }
    case "delete_statement":
      return site("delete", parent, undefined);
    default:
      return undefined;
  }
}

/**
 * The one value that a read can see, as it is written: through `a, b = [], []` too, and whatever the place is given before or after.
 * Undefined where several may have been given, or none that is written out.
 */
export function valueOf(read: Node, view: ModuleView, names: Names): Node | undefined {
  const node = unwrap(read);
  const place = placeOf(node, view, names);
  if (!place || (place.kind === "attribute" && place.writes.length > MOST_WRITES)) return undefined;
  const [site, more] = place.reaching(node);
  if (!site || more || site.isRemote || (site.kind !== "assign" && site.kind !== "walrus")) return undefined;
  return site.value && itemAt(site.value, site.path);
}

/** What an unpacked target takes of a tuple or list that is written out. */
export function itemAt(value: Node, path: readonly number[]): Node | undefined {
  let item = value;
  for (const index of path) {
    const whole = unwrap(item);
    const next =
      LITERALS.has(whole.kind) && !whole.children.some((it) => it.kind === "list_splat")
        ? whole.children[index]
        : undefined;
    if (!next) return undefined;
    item = next;
  }
  return item;
}

const LITERALS: ReadonlySet<Kind> = new Set<Kind>(["tuple", "list", "expression_list"]);
