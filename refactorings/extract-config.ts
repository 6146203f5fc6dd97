/** Numbers such as `lr=1e-3` and `batch_size = 32` in a function become the fields of a frozen dataclass that it takes as `config`. */

import {
  asAssignment,
  asCall,
  asFor,
  asFunction,
  defineRefactoring,
  definitionAbove,
  functionAround,
  importName,
  indentOf,
  indentUnit,
  insertAfter,
  insertBefore,
  replace,
  startsLine,
  statementOf,
  topStatement,
  unwrap,
  type Edit,
  type Facts,
  type FunctionDef,
  type Node,
} from "../analysis/authoring.js";

/** One number alone is said best by a parameter. */
const LEAST = 2;

const FLOATS =
  /^(lr|learning_rate|(l[12]|beta_?[12]|gamma|tau|eps|epsilon|momentum|temperature|top_p|tol)|weight_decay|(\w+_)?(dropout|decay)|(learning|dropout|decay)_rate|(test|train|val|valid|validation)_(split|fraction|ratio)|(max|clip)_(grad_)?norm|clip_value|(test|train|val|valid)_size|label_smoothing)$/;
const INTEGERS =
  /^(batch_size|(train|val|valid|eval|test)_batch_size|(n|num|max)?_?(epochs|steps|iter|iters|iterations|layers|heads|estimators|trees|clusters|components|neighbors|folds|splits|trials)|max_(depth|length|len|tokens|features)|seed|random_(seed|state)|hidden_(size|dim|units)|embed(ding)?_(size|dim)|d_model|patience|warmup(_steps)?|num_workers|step_size|top_k|seq(uence)?_len(gth)?|window(_size)?)$/;

const SEEDING = new Set([
  "torch.manual_seed",
  "torch.cuda.manual_seed",
  "torch.cuda.manual_seed_all",
  "numpy.random.seed",
  "numpy.random.default_rng",
  "random.seed",
  "random.Random",
  "tensorflow.random.set_seed",
  "keras.utils.set_random_seed",
  "jax.random.PRNGKey",
  "jax.random.key",
]);

/** Decorators that pass on what a function is called with. */
const TRANSPARENT =
  /^(builtins\.(staticmethod|classmethod)|torch\.(no_grad|inference_mode|enable_grad)|functools\.(wraps|lru_cache|cache)|typing\.(final|override))$/;

interface Found {
  readonly name: string;
  readonly literal: Node;
}

export default defineRefactoring({
  title: "Hyperparameters of a function to a config dataclass",
  guide: "configuration",
  kind: "extract",
  on: ["function_definition"],
  reach: "inside",

  example: {
    before: `
import torch
from torch import nn

def train(model: nn.Module, batches: list[torch.Tensor]) -> None:
    torch.manual_seed(7)
    optimizer = torch.optim.AdamW(model.parameters(), lr=‸3e-4, weight_decay=0.01)
    for epoch in range(20):
        for batch in batches:
            optimizer.zero_grad()
            model(batch).mean().backward()
            optimizer.step()
`,
    after: `
from dataclasses import dataclass

import torch
from torch import nn

@dataclass(frozen=True)
class TrainConfig:
    seed: int = 7
    lr: float = 3e-4
    weight_decay: float = 0.01
    epochs: int = 20

def train(model: nn.Module, batches: list[torch.Tensor], config: TrainConfig = TrainConfig()) -> None:
    torch.manual_seed(config.seed)
    optimizer = torch.optim.AdamW(model.parameters(), lr=config.lr, weight_decay=config.weight_decay)
    for epoch in range(config.epochs):
        for batch in batches:
            optimizer.zero_grad()
            model(batch).mean().backward()
            optimizer.step()
`,
  },

  find(node, selection, file) {
    const { facts } = file;
    const def = asFunction(node);
    const home = def && topStatement(def.outer, facts);
    const owner = def && facts.classOf(node);
    if (
      !def ||
      !home ||
      facts.isNotebook ||
      facts.isTest ||
      /^test(_|$)/.test(def.name) ||
      !(owner ? owner.def.outer === home : home === def.outer)
    )
      return undefined;
    if (
      !def.decorators.every((it) => TRANSPARENT.test(facts.nameOf(asCall(it)?.callee ?? it) ?? "")) ||
      (def.name.startsWith("__") && def.name !== "__init__" && def.name !== "__call__")
    )
      return undefined;
    const found = fieldsOf(def, facts);
    const fields = [...new Map(found.map((it) => [it.name, it])).values()];
    const isNear =
      selection.start < def.body.start || found.some(({ literal }) => touches(headOf(statementOf(literal)), selection));
    if (fields.length < LEAST || !isNear) return undefined;
    const parameter = ["config", "settings", "hyperparameters"].find((it) => !facts.isTaken(it, def.body));
    const base = owner && (def.name === "__init__" || def.name === "__call__") ? owner.name : pascal(def.name);
    const name = [`${base}Config`, `${base}Settings`].find((it) => base !== "" && !facts.isTaken(it, def.body));
    const imported = importName(file, "dataclasses", "dataclass", def.outer);
    return parameter !== undefined && name !== undefined && imported
      ? {
          def,
          home,
          fields,
          found,
          parameter,
          name,
          imported,
          isMethod: owner !== undefined && def.name !== "__init__",
        }
      : undefined;
  },

  offer: ({ fields, def, name }) =>
    name.length + def.name.length > 45
      ? `Move ${fields.length} hyperparameters to a config dataclass`
      : `Move ${fields.length} hyperparameters of \`${def.name}\` to \`${name}\``,

  doubt: ({ isMethod, def }) =>
    isMethod ? `Overrides of \`${def.name}\` in other files do not take the new parameter.` : undefined,

  apply({ def, home, fields, found, parameter, name, imported }, { facts }) {
    const unit = indentUnit(def.node, facts);
    const lines = fields.map((it) => `\n${unit}${it.name}: ${typeOfField(it)} = ${it.literal.text}`).join("");
    const text = `@${imported.name}(frozen=True)\nclass ${name}:${lines}`;
    const uses = found.map((it) => replace(it.literal, `${parameter}.${it.name}`));
    return {
      edits: [
        ...imported.edits,
        definitionAbove(home, text, facts, imported.edits),
        withParameter(def, `${parameter}: ${name} = ${name}()`),
        ...uses,
      ],
    };
  },
});

function typeOfField({ name, literal }: Found): string {
  const isWhole = /^-?\d[\d_]*$/.test(literal.text) && (!FLOATS.test(name) || name.endsWith("_size"));
  return isWhole ? "int" : "float";
}

/** Numbers that stand directly in the function; where a name has several values in it, none of them. */
function fieldsOf(def: FunctionDef, facts: Facts): readonly Found[] {
  const all = def.body
    .descendants("keyword_argument", "assignment", "call", "for_statement")
    .flatMap((it): readonly Found[] => {
      const found =
        functionAround(it) === def.node && !it.ancestor("class_definition")?.isInside(def.body)
          ? foundAt(it, facts)
          : undefined;
      return found ? [found] : [];
    });
  return all.filter(({ name, literal }) =>
    all.every((other) => other.name !== name || other.literal.text === literal.text),
  );
}

function foundAt(node: Node, facts: Facts): Found | undefined {
  if (node.kind === "keyword_argument") return named(node.field("name")?.text, node.field("value"));
  if (node.kind === "assignment") {
    const assignment = asAssignment(node);
    const [target, more] = assignment?.targets ?? [];
    return target?.kind === "identifier" && !more && !isGlobal(target, facts)
      ? named(target.text, assignment?.value)
      : undefined;
  }
  if (node.kind === "call") {
    const call = asCall(node);
    const [only, more] = call?.args ?? [];
    const isSeeding =
      call &&
      only &&
      !more &&
      call.keywords.size === 0 &&
      !call.hasSplat &&
      SEEDING.has(facts.nameOf(call.callee) ?? "");
    return isSeeding ? named("seed", only) : undefined;
  }
  const loop = asFor(node);
  const turns = asCall(loop && unwrap(loop.iterable));
  const [only, more] = turns?.args ?? [];
  const isEpochs =
    loop &&
    turns &&
    only &&
    !more &&
    /^_?epoch$/.test(loop.target.text) &&
    turns.callee.text === "range" &&
    facts.isBuiltin("range", node);
  return isEpochs ? named("epochs", only) : undefined;
}

function isGlobal(target: Node, facts: Facts): boolean {
  return facts.writesOf(target).some((it) => it.isRemote);
}

function named(name: string | undefined, value: Node | undefined): Found | undefined {
  const literal = value && (value.kind === "unary_operator" ? value.field("argument") : value);
  const isNumber = literal?.kind === "integer" || literal?.kind === "float";
  return name !== undefined && value && isNumber && (FLOATS.test(name) || INTEGERS.test(name))
    ? { name, literal: value }
    : undefined;
}

/** A statement without its block. */
function headOf(statement: Node): { readonly start: number; readonly end: number } {
  return {
    start: statement.start,
    end: (statement.field("body") ?? statement.field("consequence"))?.start ?? statement.end,
  };
}

function touches(
  a: { readonly start: number; readonly end: number },
  b: { readonly start: number; readonly end: number },
): boolean {
  return a.start <= b.end && b.start <= a.end;
}

function pascal(name: string): string {
  return name
    .split("_")
    .map((it) => it.slice(0, 1).toUpperCase() + it.slice(1))
    .join("");
}

/** Behind the last parameter, in front of `**rest`; on a line of its own where the others are. */
function withParameter(def: FunctionDef, text: string): Edit {
  const list = def.node.field("parameters")!;
  const rest = def.parameters.find((it) => it.star === "**");
  const all = list.children;
  const before = rest ? all[all.indexOf(rest.node) - 1] : all.at(-1);
  if (rest) return insertBefore(rest.node, startsLine(rest.node) ? `${text},\n${indentOf(rest.node)}` : `${text}, `);
  if (!before) return replace(list, `(${text})`);
  if (startsLine(before) && list.tree.text.slice(list.start, before.start).includes("\n"))
    return insertAfter(before, `,\n${indentOf(before)}${text}`);
  return insertAfter(before, `, ${text}`);
}
