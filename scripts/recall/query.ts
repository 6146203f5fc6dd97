/**
 * The candidate query of a rule: which places in code a reviewer would look at with this rule in mind. Wider than the rule, and cheap to write.
 * It stands at the head of the rule's page of test cases, one or more lines, each for itself:
 * `Candidates: KIND, … matching /…/ without /…/ inside KIND, … matching /…/ outside KIND, … matching /…/ in files matching /…/`.
 * All but the kinds may be left out, and `outside` may stand several times. `loop` and `comprehension` stand for all kinds of these.
 */
import { existsSync, readFileSync } from "node:fs";
import { KIND_IDS, type Node, type Tree } from "../../analysis/syntax/tree.js";
import type { Kind } from "../../analysis/syntax/kinds.generated.js";

export interface Query {
  readonly text: string;
  readonly at: Nodes;
  /** The nearest node around of these kinds must match. */
  readonly inside?: Nodes;
  /** For each of these: there is no node around of the kinds, or the nearest does not match. */
  readonly outside: readonly Nodes[];
  readonly files?: RegExp;
}

interface Nodes {
  readonly kinds: readonly Kind[];
  /** Of the node's own text, cut after so many lines. */
  readonly matching?: RegExp;
  readonly without?: RegExp;
}

/** A place that a query finds: the node, and what of it is shown as the place, which is what the expression matched. */
export interface Candidate {
  readonly node: Node;
  readonly start: number;
  readonly end: number;
}

const LINES = 200;

/** Words for several kinds. */
const ALIASES: Readonly<Record<string, readonly Kind[]>> = {
  loop: ["for_statement", "while_statement"],
  comprehension: ["list_comprehension", "set_comprehension", "dictionary_comprehension", "generator_expression"],
};

function kindsOf(word: string): readonly Kind[] | undefined {
  return ALIASES[word] ?? (KIND_IDS.has(word as Kind) ? [word as Kind] : undefined);
}

/** Of the rule's page. Throws where a line cannot be read. */
export function queriesOf(rule: string): readonly Query[] {
  const path = `test/rules/${rule}.md`;
  return existsSync(path) ? readQueries(readFileSync(path, "utf8")) : [];
}

export function readQueries(page: string): readonly Query[] {
  const [head = ""] = page.split(/^## /m);
  return [...head.matchAll(/^Candidates: (.+)$/gm)].map(([, text = ""]) => readQuery(text));
}

type Word = { readonly word: string } | { readonly expression: RegExp };

const WORDS = /\/((?:\\.|\[(?:\\.|[^\]\\])*\]|[^/\\[])+)\/([a-z]*)|([a-z_A-Z]+)|(,)|(\S)/g;

function readQuery(text: string): Query {
  const words: Word[] = [...text.matchAll(WORDS)].flatMap(([, source, flags, word, comma, stray]): Word[] => {
    if (stray !== undefined) throw new Error(`"${stray}" is not understood in: ${text}`);
    if (source !== undefined) return [{ expression: new RegExp(source, flags) }];
    return comma === undefined ? [{ word: word! }] : [];
  });
  const take = (...wanted: readonly string[]) => {
    const isNext = wanted.every((it, index) => {
      const next = words[index];
      return next !== undefined && "word" in next && next.word === it;
    });
    if (isNext) words.splice(0, wanted.length);
    return isNext;
  };
  const expression = () => {
    const next = words.shift();
    if (!next || !("expression" in next)) throw new Error(`an expression is missing in: ${text}`);
    return next.expression;
  };
  const nodes = (): Nodes => {
    const kinds: Kind[] = [];
    for (let [next] = words; next && "word" in next; [next] = words) {
      const own = kindsOf(next.word);
      if (!own) break;
      kinds.push(...own);
      words.shift();
    }
    if (kinds.length === 0) throw new Error(`a kind of node is missing in: ${text}`);
    const matching = take("matching") ? expression() : undefined;
    const without = take("without") ? expression() : undefined;
    return { kinds, ...(matching && { matching }), ...(without && { without }) };
  };
  const at = nodes();
  const inside = take("inside") ? nodes() : undefined;
  const outside: Nodes[] = [];
  while (take("outside")) outside.push(nodes());
  const files = take("in", "files", "matching") ? expression() : undefined;
  if (words.length > 0) throw new Error(`what comes last is not understood in: ${text}`);
  return { text, at, ...(inside && { inside }), outside, ...(files && { files }) };
}

/** False if a file of this text has no candidate for certain: it need not be parsed. */
export function mayMatch({ at, inside, files }: Query, text: string): boolean {
  return [files, relaxed(at.matching), relaxed(inside?.matching)].every((it) => it === undefined || it.test(text));
}

const relaxations = new Map<RegExp, RegExp | undefined>();

/** An expression that a file matches wherever one of its nodes does: without anchors, and without a run of anything before the first word, which would be tried from every character of a line. Undefined where it looks at what surrounds the match, or allows any number of lines inside it, which takes long to search for in a file. */
function relaxed(expression: RegExp | undefined): RegExp | undefined {
  if (!expression) return undefined;
  if (!relaxations.has(expression)) {
    const { source, flags } = expression;
    const isLooking = /\(\?(?:!|<[=!])/.test(source);
    const isSpanning = /(?:\(\?:\.\|\\n\)|\[\\s\\S\])[*+]/.test(source);
    const free = source
      .replace(/\\.|\[(?:\\.|[^\]\\])*\]|[\^$]/g, (it) => (it === "^" || it === "$" ? "" : it))
      .replace(/^\[\^(?:\\.|[^\]\\])*\][*+]\??/, "");
    relaxations.set(expression, isLooking || isSpanning ? undefined : new RegExp(free, flags));
  }
  return relaxations.get(expression);
}

/** In source order. Of several nodes for which the same words match, the innermost. */
export function candidatesIn(tree: Tree, queries: readonly Query[]): readonly Candidate[] {
  const found = new Map<number, Candidate>();
  for (const query of queries) {
    if (!mayMatch(query, tree.text)) continue;
    for (const node of tree.root.descendants(...query.at.kinds)) {
      const match = matchOf(node, query.at);
      if (!match || !isAround(node, query)) continue;
      const known = found.get(match.start);
      if (!known || known.node.end - known.node.start > node.end - node.start)
        found.set(match.start, { node, ...match });
    }
  }
  return [...found.values()].sort((a, b) => a.start - b.start);
}

function isAround(node: Node, { inside, outside }: Query): boolean {
  const fits = (nodes: Nodes) => {
    const around = node.ancestor(...nodes.kinds);
    return around !== undefined && matchOf(around, nodes) !== undefined;
  };
  return (!inside || fits(inside)) && !outside.some(fits);
}

function matchOf(
  node: Node,
  { matching, without }: Nodes,
): { readonly start: number; readonly end: number } | undefined {
  const text = firstLines(node);
  if (without?.test(text)) return undefined;
  if (!matching) return { start: node.start, end: Math.min(node.end, node.start + text.search(/\r?\n|$/)) };
  const match = matching.exec(text);
  return match ? { start: node.start + match.index, end: node.start + match.index + match[0].length } : undefined;
}

function firstLines({ tree: { text }, start, end }: Node): string {
  let at = start;
  for (let line = 0; line < LINES; line++) {
    at = text.indexOf("\n", at) + 1;
    if (at === 0 || at > end) return text.slice(start, end);
  }
  return text.slice(start, at);
}
