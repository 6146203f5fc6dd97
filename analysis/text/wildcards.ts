/** Matches a path against a pattern with wildcards. All that the pattern may still mean is followed at once, so the time is at most its length times that of the path. */

/** Whether a set of characters in brackets holds one, by its code. */
export type CharacterSet = (code: number) => boolean;

/** What a pattern consists of, in the order in which a path is read. */
export type Part =
  | { readonly is: "character"; readonly code: number }
  | { readonly is: "set"; readonly holds: CharacterSet }
  /** One character within a name. */
  | { readonly is: "one" }
  /** Any number of characters; over the borders of names only if it crosses them. */
  | { readonly is: "many"; readonly crosses: boolean }
  /** One of several; `isOptional` for none too, `repeats` for several one after the other. */
  | {
      readonly is: "choice";
      readonly of: readonly (readonly Part[])[];
      readonly isOptional?: boolean;
      readonly repeats?: boolean;
    };

export interface Meaning {
  /** A dot that begins a name is matched by a dot alone, as in a shell. */
  readonly hidesDots: boolean;
  /** A match of the folders above is one too. */
  readonly includesBelow: boolean;
}

const SLASH = 47;
const DOT = 46;

/** What a state of the machine does with the next character, if it does not merely lead on to others. */
type State =
  | { readonly does: "take"; readonly fits: (code: number, beginsName: boolean) => boolean; readonly next: number }
  | Fork
  /** Leads on where no hidden name begins. */
  | { readonly does: "look"; readonly next: number };

interface Fork {
  readonly does: "fork";
  readonly next: number[];
}

/** A machine of states; the last one is the end. */
export function wildcardMatcher(
  parts: readonly Part[],
  { hidesDots, includesBelow }: Meaning,
): (path: string) => boolean {
  const states = statesOf(parts, hidesDots);
  const end = states.length;
  // For each state the place at which it was entered last: no place enters it twice.
  const entered = new Int32Array(end + 1);
  let now = new Int32Array(end + 1);
  let then = new Int32Array(end + 1);
  const open: number[] = [];
  // Most paths are told apart by what a pattern says plainly at its ends.
  const head = plainText(parts);
  const tail = includesBelow ? "" : plainText(parts.toReversed()).split("").reverse().join("");

  /** Adds a state, or those it leads on to, to the ones a place is reached in; gives back how many these are. */
  const enter = (first: number, path: string, at: number, into: Int32Array, count: number): number => {
    let waiting = 0;
    open[waiting++] = first;
    while (waiting > 0) {
      const id = open[--waiting]!;
      if (entered[id] === at) continue;
      entered[id] = at;
      const state = states[id];
      if (state === undefined || state.does === "take") into[count++] = id;
      else if (state.does === "look") {
        if (!(path.charCodeAt(at) === DOT && beginsName(path, at))) open[waiting++] = state.next;
      } else for (const next of state.next) if (entered[next] !== at) open[waiting++] = next;
    }
    return count;
  };

  return (path) => {
    if (!path.startsWith(head) || !path.endsWith(tail)) return false;
    entered.fill(-1);
    let count = enter(0, path, 0, now, 0);
    for (let at = 0; at < path.length && count > 0; at++) {
      const code = path.charCodeAt(at);
      if (includesBelow && code === SLASH && entered[end] === at) return true;
      const isFirst = hidesDots && beginsName(path, at);
      let reached = 0;
      for (let index = 0; index < count; index++) {
        const state = states[now[index]!];
        if (state?.does === "take" && state.fits(code, isFirst))
          reached = enter(state.next, path, at + 1, then, reached);
      }
      [now, then] = [then, now];
      count = reached;
    }
    return entered[end] === path.length;
  };
}

/** The characters that come first of all. */
function plainText(parts: readonly Part[]): string {
  let text = "";
  for (const part of parts) {
    if (part.is !== "character") break;
    text += String.fromCharCode(part.code);
  }
  return text;
}

function beginsName(path: string, at: number): boolean {
  return at === 0 || path.charCodeAt(at - 1) === SLASH;
}

/** The states of all parts, one after the other; what comes behind the last one is the end. */
function statesOf(parts: readonly Part[], hidesDots: boolean): readonly State[] {
  const states: State[] = [];
  const take = (fits: (code: number, beginsName: boolean) => boolean, next: number) =>
    states.push({ does: "take", fits, next });
  const isShown = (code: number, isFirst: boolean) => !(isFirst && code === DOT);
  const inName = (code: number, isFirst: boolean) => code !== SLASH && isShown(code, isFirst);

  const add = (part: Part) => {
    const start = states.length;
    if (part.is === "character") take((code) => code === part.code, start + 1);
    else if (part.is === "set") take(part.holds, start + 1);
    else if (part.is === "one") take(inName, start + 1);
    else if (part.is === "many") {
      // A star at the start of a name looks first, as it may match nothing and leave the dot to what follows.
      const looks = hidesDots && !part.crosses;
      if (looks) states.push({ does: "look", next: start + 1 });
      const loop = states.length;
      states.push({ does: "fork", next: [loop + 1, loop + 2] });
      take(part.crosses ? isShown : inName, loop);
    } else {
      const addFork = () => {
        const fork: Fork = { does: "fork", next: [] };
        states.push(fork);
        return fork;
      };
      const fork = addFork();
      const ends = part.of.map((branch) => {
        fork.next.push(states.length);
        branch.forEach(add);
        return addFork();
      });
      const behind = states.length;
      if (part.isOptional) fork.next.push(behind);
      for (const it of ends) it.next.push(behind, ...(part.repeats ? [start] : []));
    }
  };
  parts.forEach(add);
  return states;
}

/** Reads `[a-z]` from where the bracket opens; undefined where it does not close. A set never holds a slash. */
export function readSet(
  text: string,
  start: number,
): { readonly holds: CharacterSet; readonly end: number } | undefined {
  let at = start + 1;
  const isNegated = text[at] === "!" || text[at] === "^";
  if (isNegated) at++;
  const ranges: (readonly [number, number])[] = [];
  for (let isFirst = true; isFirst || text[at] !== "]"; isFirst = false) {
    const named = NAMED_SET.exec(text.slice(at, at + LONGEST_NAMED_SET));
    if (named) {
      const known = NAMED_SETS[named[1]!];
      if (!known) return undefined;
      ranges.push(...known);
      at += named[0].length;
      continue;
    }
    const from = character();
    if (from === undefined) return undefined;
    let to: number | undefined = from;
    if (text[at] === "-" && text[at + 1] !== "]") {
      at++;
      to = character();
    }
    if (to === undefined) return undefined;
    // The first character counts even where the range runs backwards.
    ranges.push([from, from], [from, to]);
  }
  const holds: CharacterSet = (code) =>
    code !== SLASH && ranges.some(([from, to]) => from <= code && code <= to) !== isNegated;
  return { holds, end: at + 1 };

  function character(): number | undefined {
    if (text[at] === "\\") at++;
    return at < text.length ? text.charCodeAt(at++) : undefined;
  }
}

const NAMED_SET = /^\[:([a-z]*):\]/;
const LONGEST_NAMED_SET = 12;
const codes = (...pairs: readonly string[]) => pairs.map((it) => [it.charCodeAt(0), it.charCodeAt(1)] as const);
const PUNCTUATION = codes("!/", ":@", "[`", "{~");
const NAMED_SETS: Readonly<Record<string, readonly (readonly [number, number])[]>> = {
  alnum: codes("az", "AZ", "09"),
  alpha: codes("az", "AZ"),
  blank: codes("  ", "\t\t"),
  cntrl: codes("\u0000\u001f", "\u007f\u007f"),
  digit: codes("09"),
  graph: codes("!~"),
  lower: codes("az"),
  print: codes(" ~"),
  punct: PUNCTUATION,
  space: codes("  ", "\t\r"),
  upper: codes("AZ"),
  xdigit: codes("09", "af", "AF"),
};
