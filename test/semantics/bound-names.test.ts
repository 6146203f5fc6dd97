/** What is known of a piece's names without its scopes agrees with its scopes: names, reads, and what it binds in the module. */
import assert from "node:assert/strict";
import { describe, it } from "mocha";
import { boundNames, freeReads, mayReadFree } from "../../analysis/semantics/bound-names.js";
import { openDocument } from "../../analysis/semantics/document.js";
import { ScopeReader } from "../../analysis/semantics/scopes.js";
import { rules } from "../../rules/index.generated.js";
import { asFunction } from "../../analysis/syntax/statements.js";
import { parser } from "../harness/check.js";
import { mutant } from "../harness/mutant.js";
import { random } from "../harness/random.js";

/** Every way to bind a name, and reads that look like one. */
const WAYS = `
def plain(a, /, b: int = one, *rest, c=(two, three), **more) -> four:
    global reached
    nonlocal_free = [five, (six, seven)], {eight: nine}
    (x, [y, *z]), w = ten, eleven
    for i, (j, k) in (twelve, thirteen): pass
    with fourteen as f, fifteen as (g, h): pass
    try: pass
    except (sixteen, seventeen) as error: pass
    del x, w[eighteen]
    import one.two.three, four.five as six_
    from seven import eight_ as nine_, ten_
    return plain, [p for p, q in nineteen if (r := twenty)], lambda s, t=twentyone: s + u

def generic[T, *U](value: T) -> list[U]: return value

@decorated(by=them)
class Held(base, metaclass=meta):
    attribute: kind = value
    attribute.inner, other[index] = 1, 2
    def method(self, held=attribute): return self.attribute(attribute=attribute)

def matched(subject):
    match subject:
        case Point(x=0, y=why) | [why, *others] | {"key": why, **left}: return why
        case dotted.name if guard: return others
    print(f"{shown!r:>{width}} {(inner := shown)}")
    reached2 = (yield given), (await awaited)
    return (yield)

async def later():
    async for turn in turns: yield turn
    async with managed as manager: manager.run(later)
    type Alias = list[aliased]
    type Row[T] = dict[T, Alias]
`;

describe("names at a glance", () => {
  const texts = [
    WAYS,
    ...rules.flatMap((it) =>
      (it.document === "python" ? it.examples : []).flatMap(({ before, after }) =>
        after === undefined ? [before] : [before, after],
      ),
    ),
  ];

  it("are all that some scope binds, and leave free what no scope binds", async () => {
    const parse = await parser();
    let free = 0;
    for (const { tree, role } of texts.flatMap((it) => openDocument(it, parse).pieces)) {
      const bound = boundNames(tree);
      const reader = new ScopeReader(tree, role === "member" ? "class" : "module");
      reader.settle();
      for (const { bindings, declared } of reader.scopes.values()) {
        for (const name of [...bindings.keys(), ...(declared?.keys() ?? [])])
          assert.ok(bound.has(name), `${name} in ${tree.text}`);
      }
      for (const [name, reads] of reader.free) {
        if (bound.has(name)) continue;
        free++;
        assert.deepEqual(
          freeReads(tree.root, name),
          reads.toSorted((a, b) => a.id - b.id),
          `${name} in ${tree.text}`,
        );
      }
    }
    assert.ok(free > 300, `only ${free} names were compared`);
  });

  it("find no reads where the scopes find none", async () => {
    const parse = await parser();
    for (const piece of texts.flatMap((it) => openDocument(it, parse).pieces)) {
      const own = piece.role === "member" ? undefined : piece.scopes.top.bindings;
      for (const name of new Set(piece.tree.root.descendants("identifier").map((it) => it.text))) {
        const wanted = [...(own?.get(name)?.reads ?? []), ...(piece.scopes.free.get(name) ?? [])].toSorted(
          (a, b) => a.id - b.id,
        );
        assert.deepEqual(piece.readsOf(name), wanted, `${name} in ${piece.text}`);
      }
    }
  });

  it("tell what functions and classes bind in the module as their scopes do, damaged or not", async () => {
    const parse = await parser();
    const chance = random(7);
    const damaged = Array.from({ length: 1500 }, () => mutant(chance, texts));
    const inFunctions = damaged.map((it) => `@decorated\ndef whole(a, b=c):\n${it.replace(/^/gm, "    ")}\n`);
    for (const piece of [...texts, ...damaged, ...inFunctions].flatMap((it) => openDocument(it, parse).pieces)) {
      const { top, remote } = piece.scopes;
      const wanted =
        piece.role === "member"
          ? [...remote.keys()]
          : [...top.bindings.values()].filter((it) => it.sites.length > 0).map((it) => it.name);
      assert.deepEqual([...piece.sites.keys()].sort(), wanted.sort(), piece.text);
    }
  });

  it("are read in a function where its scopes say so, and not where it assigns them", async () => {
    const parse = await parser();
    const chance = random(8);
    const bodies = [...texts, ...Array.from({ length: 1500 }, () => mutant(chance, texts))];
    let known = 0;
    for (const body of bodies) {
      const text = `@decorated(by)\ndef whole(a, *b, c: d = e, **f) -> g:\n${body.replace(/^/gm, "    ")}\n    a = own = 1\n    return own\n`;
      const { pieces } = openDocument(text, parse);
      const [node, other] = pieces[0]!.tree.root.children;
      const def = asFunction(node);
      const names = def && !other && pieces.length === 1 ? mayReadFree(def.node, def.body) : undefined;
      if (!names) continue;
      const { top, free } = pieces[0]!.scopes;
      const wanted = [
        ...free.keys(),
        ...[...top.bindings.values()].filter((it) => it.reads.length > 0).map((it) => it.name),
      ];
      for (const name of wanted) assert.ok(names.has(name), `${name} in ${text}`);
      // What is damaged may take the lines below it for its own.
      const isOwn = def!.body.children.some((it) => it.text === "a = own = 1");
      if (!node!.isBroken && isOwn) assert.ok(!names.has("own"), text);
      known += wanted.length;
    }
    assert.ok(known > 3000, `only ${known} names were compared`);
  });
});
