/** Reads the editor's `nippy` section, whatever it holds: what is right is kept, the rest becomes a sentence for the log. */

import { DEFAULT_SETTINGS, isTable, readSettings, type Rule, type Settings } from "../analysis/analyzer.js";
import { tableOf } from "./capabilities.js";

export interface EditorChoice {
  readonly enable: boolean;
  readonly run: "onType" | "onSave";
  readonly scope: Scope;
  readonly configurationPreference: Preference;
  readonly fixOnSave: FixOnSave;
  /** In kilobytes. */
  readonly maxFileSize: number;
  readonly hover: HoverChoice;
  readonly completesSnippets: boolean;
  readonly refactoringPreview: PreviewChoice;
  /** Only what the editor decides; an untouched default leaves the decision to the project. */
  readonly analysis: Partial<Settings>;
  readonly problems: readonly string[];
}

/** Which files are analysed: those that are open, or all of the workspace. */
export const SCOPES = ["openFilesOnly", "workspace"] as const;
export type Scope = (typeof SCOPES)[number];

/** Who has the last word, the editor's settings or the project's configuration; or the editor's count alone. The words are Ruff's. */
export const PREFERENCES = ["editorFirst", "projectFirst", "editorOnly"] as const;
export type Preference = (typeof PREFERENCES)[number];

/** What is repaired when a file is saved: nothing, whatever is safe, or what is safe of these rules. */
export type FixOnSave = "off" | "safe" | readonly string[];

/** `findings`: hovers speak of findings alone; `constructs`: of known constructs too; `off`: never. */
export const HOVER_CHOICES = ["findings", "constructs", "off"] as const;
export type HoverChoice = (typeof HOVER_CHOICES)[number];

/** Which refactorings are shown for confirmation before they are applied: all, those that may change behaviour, or none. */
export const PREVIEW_CHOICES = ["always", "inDoubt", "never"] as const;
export type PreviewChoice = (typeof PREVIEW_CHOICES)[number];

export const DEFAULT_MAX_FILE_SIZE = 2048;

export function readEditorSettings(value: unknown, rules: readonly Rule[]): EditorChoice {
  const problems: string[] = [];
  if (value !== undefined && value !== null && (typeof value !== "object" || Array.isArray(value)))
    problems.push(`nippy must be an object, not ${shown(value)}.`);
  const table = tableOf(value);
  /** A dot in the key leads into a table of its own, as the editor writes `nippy.hover.constructs`. */
  const read = <T>(key: string, wanted: string, isRight: (it: unknown) => it is T, fallback: T): T => {
    const found = key.split(".").reduce<unknown>((inner, part) => tableOf(inner)[part], table);
    if (found === undefined || found === null) return fallback;
    if (isRight(found)) return found;
    problems.push(`nippy.${key} must be ${wanted}, not ${shown(found)}.`);
    return fallback;
  };

  const choice = {
    enable: read("enable", "true or false", isBoolean, true),
    run: read("run", '"onType" or "onSave"', isRun, "onType"),
    scope: read("scope", '"openFilesOnly" or "workspace"', isScope, "openFilesOnly"),
    configurationPreference: read(
      "configurationPreference",
      '"editorFirst", "projectFirst" or "editorOnly"',
      isPreference,
      "editorFirst",
    ),
    fixOnSave: read("fixOnSave", '"off", "safe" or a list of rules', isFixOnSave, "off"),
    maxFileSize: read("maxFileSize", "a number of kilobytes above 0", isSize, DEFAULT_MAX_FILE_SIZE),
    hover: read("hover.constructs", '"constructs", "findings" or "off"', isHoverChoice, "constructs"),
    completesSnippets: read("snippets.complete", "true or false", isBoolean, true),
    refactoringPreview: read("refactorings.preview", '"always", "inDoubt" or "never"', isPreviewChoice, "inDoubt"),
  };
  const python = read("python", 'a Python version such as "3.11"', isString, "");
  const shared = readSettings(
    {
      levels: read("levels", "an object of rule names and levels", isTable, {}),
      exclude: read("exclude", "a list of globs", Array.isArray, []),
      ...(python !== "" && { python }),
      // Editors send their default too, so that `false` cannot be told from "not set": it leaves the project's word.
      ...(read("requireReason", "true or false", isBoolean, false) && { "require-reason": true }),
      ...maxComplexity(read("maxComplexity", "a whole number above 0", isSize, DEFAULT_SETTINGS.maxComplexity)),
      ...(read("leaveToRuff", "true or false", isBoolean, false) && { "leave-to-ruff": true }),
    },
    rules,
  );
  return {
    ...choice,
    analysis: shared.settings,
    problems: [...problems, ...shared.problems.map((it) => `In the nippy settings: ${it.message}`)],
  };
}

/** The default, which editors send too, leaves the project's word. */
function maxComplexity(value: number): { readonly "max-complexity"?: number } {
  return value === DEFAULT_SETTINGS.maxComplexity ? {} : { "max-complexity": value };
}

function shown(value: unknown): string {
  const text = JSON.stringify(value) ?? String(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}

function isBoolean(value: unknown): value is boolean {
  return typeof value === "boolean";
}

function isString(value: unknown): value is string {
  return typeof value === "string";
}

function isRun(value: unknown): value is "onType" | "onSave" {
  return value === "onType" || value === "onSave";
}

function isScope(value: unknown): value is Scope {
  return SCOPES.some((it) => it === value);
}

function isPreference(value: unknown): value is Preference {
  return PREFERENCES.some((it) => it === value);
}

function isFixOnSave(value: unknown): value is FixOnSave {
  return value === "off" || value === "safe" || (Array.isArray(value) && value.every(isString));
}

function isHoverChoice(value: unknown): value is HoverChoice {
  return HOVER_CHOICES.some((it) => it === value);
}

function isPreviewChoice(value: unknown): value is PreviewChoice {
  return PREVIEW_CHOICES.some((it) => it === value);
}

function isSize(value: unknown): value is number {
  return typeof value === "number" && value > 0;
}
