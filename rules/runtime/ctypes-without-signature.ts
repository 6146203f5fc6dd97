/** A function of a C library that is called without its types: ctypes takes ints for everything. */

import {
  asAttribute,
  asCall,
  defineRule,
  excerpt,
  fileQuestion,
  useOf,
  type Evidence,
  type Facts,
  type Match,
} from "../../analysis/authoring.js";

interface Untyped extends Match {
  readonly name: string;
  readonly library: string;
  /** Its result is used, and nothing says of which type it is. */
  readonly isUsed: boolean;
}

const LOADERS =
  /^ctypes\.(?:CDLL|WinDLL|OleDLL|PyDLL|cdll\.LoadLibrary|windll\.LoadLibrary|oledll\.LoadLibrary|LibraryLoader\.LoadLibrary)$/;

export default defineRule({
  title: "C function called without its types",
  why: "Without argtypes and restype ctypes passes Python ints as C ints and reads every result as an int: pointers and 64-bit numbers are cut to half, floats are refused or read as something else, and a wrong call crashes the interpreter.",
  guide: "c-extensions",
  level: "warning",
  gain: "safety",
  imports: ["ctypes"],

  examples: [
    {
      before: `
import ctypes

library = ctypes.CDLL("libm.so.6")

def cosine(value: float) -> float:
    return library.cos(value)
`,
      after: `
import ctypes

library = ctypes.CDLL("libm.so.6")
library.cos.argtypes = [ctypes.c_double]
library.cos.restype = ctypes.c_double

def cosine(value: float) -> float:
    return library.cos(value)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }, call): Untyped | undefined {
    const callee = asAttribute(call.callee);
    if (!callee || callee.name === "LoadLibrary" || facts.isTest) return undefined;
    // What the system takes are small numbers most often.
    if (OF_SYSTEM.test(callee.object.text)) return undefined;
    const evidence = libraryEvidence(callee.object, facts);
    if (!evidence || facts.ofFile(TYPED, callee.name)) return undefined;
    // The first call of a function says it for all of them.
    if (facts.ofFile(FIRST, callee.name) !== `${callee.nameNode.start}:${node.tree.text.slice(0, 200)}`)
      return undefined;
    const use = useOf(node).kind;
    const isUsed = use !== "discarded";
    // Values that bring their C type need no argtypes.
    if (
      !isUsed &&
      call.args.every((it) => /^(?:ctypes\.)?(?:byref|pointer|cast|create_\w+|c_\w+|POINTER)\(/.test(it.text))
    )
      return undefined;
    return {
      at: call.callee,
      evidence,
      weight: isUsed && call.args.length > 0 ? "heavy" : "unknown",
      name: callee.name,
      library: callee.object.text,
      isUsed,
    };
  },

  message: ({ name, library, isUsed }) =>
    `ctypes takes ${isUsed ? "what it is given and what it returns" : "what it is given"} for C ints here: set \`${excerpt(library, 30)}.${excerpt(name, 40)}.argtypes\`${isUsed ? " and `restype`" : ""}.`,
});

const OF_SYSTEM = /(?:^|\.)(?:kernel32|user32|shell32|advapi32)$/;

/** The library, by its making; `libc` of a class that keeps it too. */
function libraryEvidence(object: Parameters<Facts["valueOf"]>[0], facts: Facts): Evidence | undefined {
  if (object.kind !== "identifier" && object.kind !== "attribute") return undefined;
  const name = facts.nameOf(object);
  if (name && /^ctypes\.(?:cdll|windll|oledll)\.\w+$/.test(name) && !name.endsWith("LoadLibrary")) return "proof";
  const type = facts.typeOf(object)?.name;
  if (type !== undefined) return /^ctypes\.(?:CDLL|WinDLL|OleDLL|PyDLL)$/.test(type) ? "proof" : undefined;
  const made = asCall(facts.valueOf(object));
  return made && LOADERS.test(facts.nameOf(made.callee) ?? "") ? "proof" : undefined;
}

/** Types are set somewhere: of this function, or of all in a loop, by getattr or by a prototype. */
const TYPED = fileQuestion((facts, name) => {
  const isSet = ["argtypes", "restype", "errcheck"].some((it) =>
    facts.view.attributesOf(it).some((attribute) => {
      facts.view.looksInto(attribute.tree);
      const owner = asAttribute(attribute)?.object;
      return owner !== undefined && (asAttribute(owner)?.name === name || asAttribute(owner) === undefined);
    }),
  );
  return isSet || facts.fileMatches(/\b(?:CFUNCTYPE|WINFUNCTYPE|PYFUNCTYPE)\b/);
});

const FIRST = fileQuestion((facts, name) => {
  const called = facts.view.attributesOf(name).find((it) => it.parent?.kind === "call" && it.fieldName === "function");
  const nameNode = asAttribute(called)?.nameNode;
  return called && nameNode ? `${nameNode.start}:${called.tree.text.slice(0, 200)}` : "";
});
