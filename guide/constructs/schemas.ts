/** What hovers say of data contracts: Pydantic models, Pandera schemas, scikit-learn pipelines. */

import {
  asAttribute,
  asCall,
  asFunction,
  callOf,
  defineConstructs,
  dottedName,
  functionAround,
  textValue,
  unwrap,
  type Facts,
  type File,
  type Node,
} from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "BaseModel",
    guide: "configuration",
    at: [
      { name: "pydantic.BaseModel" },
      { attribute: ["dict", "json", "copy", "parse_obj", "parse_raw"], of: "pydantic.BaseModel" },
    ],
    when: (node, { facts }) => OLD_METHODS[node.text] === undefined || isInherited(node, facts),
    says: 'Checks and converts when an instance is made: `"3"` becomes 3, 3.5 for an int raises ValidationError. Not checked are defaults (`validate_default`), later assignments (`validate_assignment`) and unknown names, which are dropped unless `extra="forbid"`. Each instance costs a validation, so use it at the edges and not in inner loops.',
    here: (node) =>
      OLD_METHODS[node.text] ? `Pydantic 1 name, deprecated: \`${OLD_METHODS[node.text]!}\` in version 2.` : undefined,
    example: "from pydantic import BaseModel\n\nclass Settings(‸BaseModel):\n    epochs: int = 10\n",
    unlike: [
      "class BaseModel:\n    pass\n\nclass Settings(‸BaseModel): ...\n",
      "from peewee import Model as BaseModel\n\nclass Row(‸BaseModel): ...\n",
      "class Box:\n    def copy(self): ...\n\nBox().‸copy()\n",
    ],
  },
  {
    name: "@field_validator",
    guide: "configuration",
    at: [
      {
        name: ["pydantic.field_validator", "pydantic.model_validator", "pydantic.validator", "pydantic.root_validator"],
      },
    ],
    says: 'A field validator is a class method that returns the value; forgetting `return` stores None. After-mode, the default, sees the converted value, `mode="before"` the raw input. Defaults pass unseen. Raise ValueError: it joins the other mistakes in one ValidationError, while a TypeError goes through as it is.',
    here: validatorNote,
    example:
      "from pydantic import BaseModel, field_validator\n\nclass Settings(BaseModel):\n    epochs: int\n\n    @‸field_validator('epochs')\n    @classmethod\n    def positive(cls, value: int) -> int:\n        return value\n",
    unlike: ["def field_validator(name): ...\n\n‸field_validator('a')\n", "import attrs\n\nattrs.‸validators\n"],
  },
  {
    name: "pandera schema",
    guide: "ml-testing",
    at: [
      {
        name: ["pandera", "pandera.pandas", "pandera.polars"].flatMap((it) =>
          ["DataFrameSchema", "SeriesSchema", "DataFrameModel", "SchemaModel"].map((name) => `${it}.${name}`),
        ),
      },
    ],
    says: "Writes down which columns, types and ranges a frame must have. `validate` raises at the first breach; `lazy=True` collects all of them, with the failing rows. Columns that are not listed pass unless `strict=True`, missing values fail unless `nullable=True`, and types are compared, not converted, unless `coerce=True`.",
    here: (node, { facts }) =>
      /^pandera\.\w+$/.test(facts.nameOf(dottedName(node)) ?? "")
        ? "`pandera` itself warns for this name: import it from `pandera.pandas`."
        : undefined,
    example: "import pandera.pandas as pa\n\nschema = pa.‸DataFrameSchema({'price': pa.Column(float)})\n",
    unlike: ["class DataFrameSchema:\n    pass\n\n‸DataFrameSchema()\n", "import pyarrow as pa\n\npa.‸schema([])\n"],
  },
  {
    name: "sklearn Pipeline",
    guide: "pattern-pipeline",
    at: [
      {
        name: [
          "sklearn.pipeline.Pipeline",
          "sklearn.pipeline.make_pipeline",
          "sklearn.compose.ColumnTransformer",
          "sklearn.compose.make_column_transformer",
        ],
      },
    ],
    says: "Fits each step on the training part alone, so nothing leaks from the test folds when the whole pipeline is cross-validated; scaling all rows beforehand does leak. Parameters of a step are named `step__parameter` in a search. It fits the very objects you pass in; with `memory=` it fits copies and keeps the costly ones on disk.",
    here: stepsNote,
    example: "from sklearn.pipeline import ‸Pipeline\n",
    unlike: [
      "from transformers import pipeline\n\n‸pipeline('summarization')\n",
      "class Pipeline:\n    pass\n\n‸Pipeline()\n",
    ],
  },
]);

const OLD_METHODS: Readonly<Record<string, string>> = {
  dict: "model_dump",
  json: "model_dump_json",
  copy: "model_copy",
  parse_obj: "model_validate",
  parse_raw: "model_validate_json",
};

/** A call of the method that Pydantic's own class has: the model neither defines it nor has a field of that name. */
function isInherited(node: Node, facts: Facts): boolean {
  const attribute = asAttribute(node.parent);
  const owner = attribute && callOf(node) && facts.typeOf(attribute.object)?.name;
  const info = owner?.startsWith("local.") ? facts.classNamed(owner.slice(6)) : undefined;
  return (
    info !== undefined &&
    !info.methods.some((it) => it.def.name === node.text) &&
    !info.attributes.some((it) => it.name === node.text)
  );
}

function validatorNote(node: Node, { facts }: File): string | undefined {
  const old = { "pydantic.validator": "field_validator", "pydantic.root_validator": "model_validator" }[
    facts.nameOf(dottedName(node)) ?? ""
  ];
  if (old) return `Pydantic 1 name, deprecated: \`${old}\` in version 2.`;
  const decorator = node.ancestor("decorator");
  const def = decorator?.parent ? asFunction(decorator.parent) : undefined;
  if (!def) return undefined;
  const returns = def.body
    .descendants("return_statement")
    .some((it) => functionAround(it) === def.node && it.children.length > 0);
  const last = def.body.children.at(-1);
  const isOpen =
    last !== undefined &&
    last.kind !== "raise_statement" &&
    last.kind !== "pass_statement" &&
    last.children[0]?.kind !== "ellipsis";
  if (!returns && isOpen && facts.nameOf(dottedName(node)) === "pydantic.field_validator")
    return "It returns nothing, so the value becomes None.";
  return textValue(callOf(node)?.keywords.get("mode")) === "before"
    ? "Before-mode: the value is whatever came in, of any type."
    : undefined;
}

function stepsNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  const list = call?.args[0] && unwrap(call.args[0]);
  if (!call || list?.kind !== "list" || facts.nameOf(call.callee) !== "sklearn.pipeline.Pipeline") return undefined;
  const steps = list.children.map((it) => {
    const [name, value] = it.kind === "tuple" ? it.children : [];
    const text = textValue(name);
    const made = asCall(value && unwrap(value))?.callee ?? value;
    return text === undefined || !made ? undefined : `\`${text}\` (${made.text.split(".").at(-1)!})`;
  });
  return steps.length > 0 && steps.every((it) => it !== undefined && it.length < 60)
    ? `Steps: ${steps.join(", then ")}.`
    : undefined;
}
