/** Modules that are registered by being in a folder: their names, and what a generated list calls them. */
import { readdirSync } from "node:fs";

export function modulesIn(folder: string): readonly string[] {
  return readdirSync(folder)
    .filter((it) => it.endsWith(".ts") && !it.endsWith(".generated.ts"))
    .map((it) => it.slice(0, -".ts".length))
    .sort();
}

export function variableOf(name: string): string {
  return name.replace(/[/-](\w)/g, (_, letter: string) => letter.toUpperCase());
}
