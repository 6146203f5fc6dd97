/** Answers about folders, each worked out once: most are their parent's. */

import { dirname } from "node:path";

export function remembered<K, T>(make: (key: K) => T): (key: K) => T {
  const known = new Map<K, T>();
  return (key) => {
    if (known.has(key)) return known.get(key) as T;
    const value = make(key);
    known.set(key, value);
    return value;
  };
}

/** Undefined above the root. */
export function fromParent<T>(folder: string, ask: (folder: string) => T | undefined): T | undefined {
  const parent = dirname(folder);
  return parent === folder ? undefined : ask(parent);
}
