/** Orders of growth as sums of products: `n·m + k²`, `n log n`, `2ⁿ`. Only the terms that no other one outgrows are kept. */

/** One product: how often each size is a factor of it. No factor at all is a constant. */
export interface Term {
  /** By the size's name, the power of it: 1, 2, 3, … or a half for a root. */
  readonly powers: ReadonlyMap<string, number>;
  /** Of which sizes a logarithm is a factor, each once. */
  readonly logs: ReadonlySet<string>;
}

/** The sum of its terms. Constant where there is none. */
export interface Growth {
  readonly terms: readonly Term[];
  /** Exponential in one of the sizes at least: no power is told then. */
  readonly isExponential: boolean;
  /** What was met whose cost nobody can tell here, in words of the code: the function grows at least as told. */
  readonly unknown: readonly string[];
}

export const CONSTANT: Growth = { terms: [], isExponential: false, unknown: [] };

/** More terms, or more unknown things, than anybody reads. */
const MOST_TERMS = 4;
const MOST_UNKNOWN = 8;

export function linear(size: string, power = 1): Growth {
  return { ...CONSTANT, terms: [{ powers: new Map([[size, power]]), logs: new Set() }] };
}

export function logarithmic(size: string): Growth {
  return { ...CONSTANT, terms: [{ powers: new Map(), logs: new Set([size]) }] };
}

export function exponential(): Growth {
  return { ...CONSTANT, isExponential: true };
}

export function unknownGrowth(what: string): Growth {
  return { ...CONSTANT, unknown: [what] };
}

/** One after the other. */
export function sum(all: readonly Growth[]): Growth {
  const grown = all.filter((it) => it !== CONSTANT);
  const [only, more] = grown;
  if (!more) return only ?? CONSTANT;
  return {
    terms: kept(grown.flatMap((it) => it.terms)),
    isExponential: grown.some((it) => it.isExponential),
    unknown: [...new Set(grown.flatMap((it) => it.unknown))].slice(0, MOST_UNKNOWN),
  };
}

/** One as often as the other says. */
export function times(turns: Growth, each: Growth): Growth {
  if (turns === CONSTANT) return each;
  if (each === CONSTANT) return turns;
  const [left, right] = [turns, each].map(({ terms }) => (terms.length === 0 ? [ONE] : terms)) as [
    readonly Term[],
    readonly Term[],
  ];
  return {
    terms: kept(left.flatMap((a) => right.map((b) => multiplied(a, b)))),
    isExponential: turns.isExponential || each.isExponential,
    unknown: [...new Set([...turns.unknown, ...each.unknown])].slice(0, MOST_UNKNOWN),
  };
}

/** The same growth in other sizes: those of whoever calls. A size that `sizeOf` does not know is left out, and noted as unknown. */
export function inTermsOf({ terms, isExponential, unknown }: Growth, sizeOf: (size: string) => Growth): Growth {
  const all = terms.map((term) => {
    let product: Growth = CONSTANT;
    for (const [size, power] of term.powers) {
      const given = sizeOf(size);
      for (let left = power; left >= 1; left--) product = times(product, given);
      if (power % 1 !== 0) product = times(product, rooted(given));
    }
    for (const size of term.logs) product = times(product, logOf(sizeOf(size)));
    return product;
  });
  return sum([...all, { terms: [], isExponential, unknown }]);
}

/** The root of it. */
export function rooted({ terms, ...rest }: Growth): Growth {
  return {
    ...rest,
    terms: terms.map(({ powers, logs }) => ({
      powers: new Map([...powers].map(([size, power]) => [size, power / 2])),
      logs,
    })),
  };
}

/** The logarithm of a product of powers is that of its sizes, but for a factor. */
export function logOf({ terms, unknown }: Growth): Growth {
  const sizes = new Set(terms.flatMap((it) => [...it.powers.keys()]));
  return sum([{ ...CONSTANT, unknown }, ...[...sizes].map(logarithmic)]);
}

const ONE: Term = { powers: new Map(), logs: new Set() };

function multiplied(a: Term, b: Term): Term {
  const powers = new Map(a.powers);
  for (const [size, power] of b.powers) powers.set(size, (powers.get(size) ?? 0) + power);
  return { powers, logs: new Set([...a.logs, ...b.logs]) };
}

function kept(terms: readonly Term[]): readonly Term[] {
  const found: Term[] = [];
  for (const term of terms) {
    if (found.some((it) => isAtMost(term, it))) continue;
    found.splice(0, found.length, ...found.filter((it) => !isAtMost(it, term)), term);
  }
  return found.sort((a, b) => degree(b) - degree(a)).slice(0, MOST_TERMS);
}

/** It is outgrown by the other, or grows alike. */
function isAtMost(a: Term, b: Term): boolean {
  for (const [size, power] of a.powers) if (power > (b.powers.get(size) ?? 0)) return false;
  for (const size of a.logs)
    if (!b.logs.has(size) && (b.powers.get(size) ?? 0) <= (a.powers.get(size) ?? 0)) return false;
  return true;
}

/** The sum of the powers: 2 for `n·m` and `n²`. */
export function degree({ powers }: Term): number {
  let sum = 0;
  for (const power of powers.values()) sum += power;
  return sum;
}

/** The highest degree of its terms; infinite where it is exponential. */
export function degreeOf({ terms, isExponential }: Growth): number {
  return isExponential ? Infinity : Math.max(0, ...terms.map(degree));
}

const LETTERS = ["n", "m", "k", "p", "q", "r", "s", "t"];
const RAISED: Readonly<Record<number, string>> = { 1: "", 2: "²", 3: "³", 4: "⁴", 5: "⁵", 6: "⁶" };

/** In the field's own words: `O(n·m)`, with what each letter stands for. */
export interface GrowthInWords {
  readonly order: string;
  /** The letter, and the size of the program that it stands for. */
  readonly sizes: readonly (readonly [letter: string, size: string])[];
}

export function growthInWords({ terms, isExponential }: Growth): GrowthInWords {
  if (isExponential) return { order: "exponential", sizes: [] };
  const letters = new Map<string, string>();
  const letterOf = (size: string): string => {
    let letter = letters.get(size);
    if (!letter) letters.set(size, (letter = LETTERS[letters.size] ?? `n${letters.size}`));
    return letter;
  };
  const order = terms.map((term) => {
    const factors = [...term.powers].map(([size, power]) =>
      power === 0.5 ? `√${letterOf(size)}` : `${letterOf(size)}${RAISED[power] ?? `^${power}`}`,
    );
    const logs = [...term.logs].map((it) => `log ${letterOf(it)}`);
    return [factors.join("·"), ...logs].filter((it) => it !== "").join(" ");
  });
  return {
    order: `O(${order.length === 0 ? "1" : order.join(" + ")})`,
    sizes: [...letters].map(([size, letter]) => [letter, size]),
  };
}
