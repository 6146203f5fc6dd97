/** Short forms for the fact tables: names that share an owner and an answer stand in one string. */

/** Names and what is known of them. A list, not an object: it is gone through once, at every start, for every name of a library. */
export type Table<T> = readonly (readonly [name: string, fact: T])[];

/** Owner, then answer, then names. The empty owner is for names that are written out in full. */
export type Groups = Readonly<Record<string, Readonly<Record<string, string>>>>;

export function words(text: string): readonly string[] {
  return text === "" ? [] : text.split(" ");
}

/** `{ "pandas.DataFrame": { self: "abs add" } }` gives `"pandas.DataFrame.abs": "self"` and `"pandas.DataFrame.add": "self"`. */
export function spread(groups: Groups): Table<string> {
  const table: [string, string][] = [];
  for (const [owner, answers] of Object.entries(groups)) {
    for (const [answer, names] of Object.entries(answers))
      for (const name of words(names)) table.push([member(owner, name), answer]);
  }
  return table;
}

/** `{ math: "sqrt exp" }` gives `math.sqrt` and `math.exp`. */
export function members(groups: Readonly<Record<string, string>>): readonly string[] {
  const all: string[] = [];
  for (const [owner, names] of Object.entries(groups)) for (const name of words(names)) all.push(member(owner, name));
  return all;
}

/** Classes that a call of them makes: `{ threading: "Lock" }` gives `"threading.Lock": "threading.Lock"`. */
export function constructors(groups: Readonly<Record<string, string>>): Table<string> {
  return members(groups).map((it) => [it, it]);
}

/** For answers that are lists: mutators by type, or the base classes of a class. */
export function lists(table: Readonly<Record<string, string>>): Table<readonly string[]> {
  return Object.entries(table).map(([key, names]) => [key, words(names)]);
}

/** Base class, then module, then classes: the other way round than it is asked, because many classes share a base. */
export function derived(groups: Groups): Table<readonly string[]> {
  return Object.entries(groups).flatMap(([base, modules]) =>
    members(modules).map((name): [string, readonly string[]] => [name, [base]]),
  );
}

/** Public module, then the modules that define its names: `{ pandas: { "pandas.core.frame": "DataFrame" } }` gives `"pandas.core.frame.DataFrame": "pandas.DataFrame"`. */
export function moved(groups: Groups): Table<string> {
  const table: [string, string][] = [];
  for (const [home, modules] of Object.entries(groups)) {
    for (const [module, names] of Object.entries(modules))
      for (const name of words(names)) table.push([member(module, name), member(home, name)]);
  }
  return table;
}

/** Calls that make their thread wait and have no form to await. */
export function waiting(groups: Readonly<Record<string, string>>): Table<null> {
  return members(groups).map((it) => [it, null]);
}

function member(owner: string, name: string): string {
  // A sum of strings would keep both of them beside it, for as long as the table is there.
  return owner === "" ? name : [owner, name].join(".");
}
