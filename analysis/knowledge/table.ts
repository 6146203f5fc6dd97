/** Short forms for the fact tables: names that share an owner and an answer stand in one string. */

/** Owner, then answer, then names. The empty owner is for names that are written out in full. */
export type Groups = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function words(text: string): readonly string[] {
  return text.split(" ").filter((it) => it !== "");
}

/** `{ "pandas.DataFrame": { self: "abs add" } }` gives `{ "pandas.DataFrame.abs": "self", "pandas.DataFrame.add": "self" }`. */
export function spread(groups: Groups): Readonly<Record<string, string>> {
  // Loops, because this runs at every start for every name of every library.
  const table: Record<string, string> = {};
  for (const [owner, answers] of Object.entries(groups)) {
    for (const [answer, names] of Object.entries(answers)) for (const name of words(names)) table[member(owner, name)] = answer;
  }
  return table;
}

/** `{ math: "sqrt exp" }` gives `math.sqrt` and `math.exp`. */
export function members(groups: Readonly<Record<string, string>>): readonly string[] {
  return Object.entries(groups).flatMap(([owner, names]) => words(names).map((it) => member(owner, it)));
}

/** Classes that a call of them makes: `{ threading: "Lock" }` gives `{ "threading.Lock": "threading.Lock" }`. */
export function constructors(groups: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(members(groups).map((it) => [it, it]));
}

/** For answers that are lists: mutators by type, or the base classes of a class. */
export function lists(table: Readonly<Record<string, string>>): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(Object.entries(table).map(([key, names]) => [key, words(names)]));
}

/** Base class, then module, then classes: the other way round than it is asked, because many classes share a base. */
export function derived(groups: Groups): Readonly<Record<string, readonly string[]>> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([base, modules]) => members(modules).map((name): [string, readonly string[]] => [name, [base]])),
  );
}

/** Public module, then the modules that define its names: `{ pandas: { "pandas.core.frame": "DataFrame" } }` gives `{ "pandas.core.frame.DataFrame": "pandas.DataFrame" }`. */
export function moved(groups: Groups): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(groups).flatMap(([home, modules]) =>
      Object.entries(modules).flatMap(([module, names]) => words(names).map((name): [string, string] => [member(module, name), member(home, name)])),
    ),
  );
}

/** Calls that make their thread wait and have no form to await. */
export function waiting(groups: Readonly<Record<string, string>>): Readonly<Record<string, null>> {
  return Object.fromEntries(members(groups).map((it) => [it, null]));
}

function member(owner: string, name: string): string {
  return owner === "" ? name : `${owner}.${name}`;
}
