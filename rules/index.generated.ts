/** Made by scripts/generate.ts from the files in rules/. Do not edit. */

import { nameRule, type Rule } from "../analysis/rule/rule.js";
import pandasIterrows from "./pandas/iterrows.js";

export const rules: readonly Rule[] = [
  nameRule("pandas/iterrows", pandasIterrows),
];
