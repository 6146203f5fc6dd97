/** Reads values whose shape nobody has vouched for: what fits is built anew, field by field, and nothing else gets through. */

/** @throws {Misfit} where the value is something else */
export type Reader<T> = (value: unknown) => T;

export class Misfit extends Error {}

export function text(most: number): Reader<string> {
  return (value) => {
    if (typeof value !== "string" || value.length > most) throw new Misfit();
    return value;
  };
}

export function whole(least: number, most: number): Reader<number> {
  return (value) => {
    if (!Number.isInteger(value) || (value as number) < least || (value as number) > most) throw new Misfit();
    return value as number;
  };
}

export function oneOf<const T extends string>(values: Iterable<T>): Reader<T> {
  const known: ReadonlySet<unknown> = new Set(values);
  return (value) => {
    if (!known.has(value)) throw new Misfit();
    return value as T;
  };
}

export function orNull<T>(read: Reader<T>): Reader<T | null> {
  return (value) => (value === null ? null : read(value));
}

/** For a field that may be left out. */
export function ifAny<T>(read: Reader<T>): Reader<T | undefined> {
  return (value) => (value === undefined ? undefined : read(value));
}

export function list<T>(read: Reader<T>, least = 0, most = Infinity): Reader<readonly T[]> {
  return (value) => {
    if (!Array.isArray(value) || value.length < least || value.length > most) throw new Misfit();
    return value.map((it) => read(it));
  };
}

export function shape<T extends object>(fields: { readonly [K in keyof T]-?: Reader<T[K]> }): Reader<T> {
  const readers = Object.entries<Reader<unknown>>(fields);
  return (value) => {
    const given = table(value);
    const made: Record<string, unknown> = {};
    for (const [name, read] of readers) {
      const field = read(Object.hasOwn(given, name) ? given[name] : undefined);
      if (field !== undefined) made[name] = field;
    }
    return made as T;
  };
}

/** Whatever its names are. */
export function table(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) throw new Misfit();
  return value as Readonly<Record<string, unknown>>;
}
