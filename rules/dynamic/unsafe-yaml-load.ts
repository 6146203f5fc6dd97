/** `yaml.load` with a loader that builds any Python object that the file names, or with none at all. */

import {
  asAttribute,
  asCall,
  declined,
  defineRule,
  fixOf,
  hasComments,
  importEdits,
  importName,
  replace,
  textValue,
  unwrap,
  type Call,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Unsafe extends Match {
  readonly call: Call;
  readonly loader: Node | undefined;
  readonly how: "none" | "unsafe" | "full";
}

/** The dumper of plain data is another one. */
const DUMPS_OBJECTS = /\byaml\.dump(?:_all)?\((?![^\n)]*Safe)/;
const LOADS = ["load", "load_all", "unsafe_load", "unsafe_load_all", "full_load", "full_load_all"];

export default defineRule({
  title: "YAML read with a loader that builds objects",
  why: "A YAML file may name Python objects in its tags. Loader and UnsafeLoader build them, so that whoever writes the file runs code here; FullLoader builds fewer. Without a loader yaml.load fails from PyYAML 6 on. safe_load reads plain data.",
  guide: "dynamic-code",
  level: "warning",
  gain: "safety",
  imports: ["yaml"],
  overlaps: ["S506"],
  unlike:
    "`load_all` and `unsafe_load` count too, text in the program itself is left alone, and the fix names the safe loader",
  fixes: "review",

  examples: [
    {
      before: `
import yaml

def settings(text: str) -> dict:
    return yaml.load(text, Loader=yaml.Loader)
`,
      after: `
import yaml

def settings(text: str) -> dict:
    return yaml.safe_load(text)
`,
    },
  ],

  on: ["call"],
  calls: LOADS.map((it) => `yaml.${it}`),

  find(_node, { facts }, call): Unsafe | undefined {
    if (facts.isTest || call.hasSplat) return undefined;
    const name = facts.nameOf(call.callee) ?? "";
    const [text] = call.args;
    // What the program itself has written names no objects of others.
    const given = text?.kind === "identifier" ? facts.valueOf(text) : text;
    const writer = asCall(given && unwrap(given));
    if (textValue(given) !== undefined || (writer && facts.nameOf(writer.callee) === "yaml.dump")) return undefined;
    const loader = call.keywords.get("Loader") ?? call.args[1];
    const how = howUnsafe(name, loader && (facts.nameOf(loader) ?? ""));
    if (!how) return undefined;
    // `unsafe_load` says it, and a file that dumps objects has to read them.
    const isMeant = /unsafe_load/.test(name) || /Unsafe/.test(loader?.text ?? "") || facts.fileMatches(DUMPS_OBJECTS);
    const weight = how === "full" ? "light" : how === "unsafe" && isMeant ? "unknown" : "heavy";
    return { at: call.callee, evidence: "proof", weight, call, loader, how };
  },

  message: ({ how }) =>
    how === "none"
      ? "`yaml.load` without a loader fails from PyYAML 6 on, and builds any object the file names before; `safe_load` reads plain data."
      : how === "full"
        ? "This loader builds some Python objects that the file names; `safe_load` reads plain data."
        : "This loader builds any Python object that the file names, so the file can run code; `safe_load` reads plain data.",

  fix({ call, loader }, file) {
    if (hasComments(call.node) || call.args.length === 0) return declined("a comment would be lost");
    const all = /_all$/.test(asAttribute(call.callee)?.name ?? call.callee.text) ? "_all" : "";
    const attribute = asAttribute(call.callee);
    const doubts = ["a file whose tags name Python objects is refused"];
    if (loader && /\bC\w*Loader$/.test(loader.text))
      return fixOf("Take the safe loader", doubts, [
        replace(loader, loader.text.replace(/C(Full|Unsafe)?Loader$/, "CSafeLoader")),
      ]);
    const imported = attribute ? undefined : importName(file, "yaml", `safe_load${all}`, call.node);
    if (!attribute && !imported) return declined("the name means something else here");
    const callee = attribute ? `${attribute.object.text}.safe_load${all}` : imported!.name;
    return fixOf("Read plain data", doubts, [
      ...(imported ? importEdits(imported) : []),
      replace(call.node, `${callee}(${call.args[0]!.text})`),
    ]);
  },
});

function howUnsafe(name: string, loader: string | undefined): Unsafe["how"] | undefined {
  if (/\.unsafe_load/.test(name)) return "unsafe";
  if (/\.full_load/.test(name)) return "full";
  if (loader === undefined) return "none";
  if (/^yaml\.(?:loader\.|cyaml\.)?C?(?:Unsafe)?Loader$/.test(loader)) return "unsafe";
  return /^yaml\.(?:loader\.|cyaml\.)?C?FullLoader$/.test(loader) ? "full" : undefined;
}
