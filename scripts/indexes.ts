/** The derived files that are made from names and texts alone, without running a rule. One table: file → function that makes its text. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { authoringPage } from "./authoring-page.js";
import { constructIndexSource } from "./construct-index.js";
import { gainIndexSource } from "./gain-index.js";
import { anchorsSource, guideIndexSource } from "./guide-index.js";
import { idsSource, kindsSource } from "./kinds.js";
import { nameListSource } from "./name-list.js";
import { refactoringIndexSource } from "./refactoring-index.js";
import { ruleIndexSource } from "./rule-index.js";
import { snippetIndexSource } from "./snippet-index.js";
import { clientStrings, manifestSource, manifestStrings } from "./translations.js";

export type Derived = Readonly<Record<string, () => string>>;

/** Writes what is stale, or with `onlyLook` nothing; gives the paths. */
export function bring(derived: Derived, onlyLook = false): readonly string[] {
  return Object.entries(derived).flatMap(([path, make]) => {
    const text = make();
    if (existsSync(path) && readFileSync(path, "utf8") === text) return [];
    if (!onlyLook) {
      mkdirSync(dirname(path), { recursive: true });
      writeFileSync(path, text);
    }
    return [path];
  });
}

export const indexes: Derived = {
  // The texts first: what is left in package.json is made of where they went.
  "package.nls.json": manifestStrings,
  "package.json": manifestSource,
  "l10n/bundle.l10n.json": clientStrings,
  "analysis/syntax/kinds.generated.ts": kindsSource,
  "analysis/syntax/reader/ids.generated.ts": idsSource,
  "analysis/rule/anchors.generated.ts": anchorsSource,
  "guide/index.generated.ts": guideIndexSource,
  "guide/constructs/index.generated.ts": constructIndexSource,
  "rules/gains.generated.ts": gainIndexSource,
  "rules/index.generated.ts": ruleIndexSource,
  "snippets/index.generated.ts": snippetIndexSource,
  "client/names.generated.ts": nameListSource,
  "refactorings/index.generated.ts": refactoringIndexSource,
  "docs/authoring.md": authoringPage,
};
