/** A metaclass that registers or checks each new class becomes `__init_subclass__` of the class that uses it; what it holds goes along. */

import { asClass, defineRefactoring, initSubclass, plainMetaclass } from "../analysis/authoring.js";

export default defineRefactoring({
  title: "Registering metaclass to __init_subclass__",
  guide: "metaclasses",
  kind: "rewrite",
  on: ["class_definition"],
  reach: "head",
  rules: ["classes/needless-metaclass"],

  example: {
    before: `
class ‸Registering(type):
    readers = {}

    def __new__(mcls, name, bases, namespace):
        cls = super().__new__(mcls, name, bases, namespace)
        if bases:
            mcls.readers[name] = cls
        return cls

class Reader(metaclass=Registering):
    """Reads one file format."""

class CsvReader(Reader):
    """Reads comma-separated text."""

print(Registering.readers)
`,
    after: `
class Reader:
    """Reads one file format."""

    readers = {}

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        name = cls.__name__
        cls.readers[name] = cls

class CsvReader(Reader):
    """Reads comma-separated text."""

print(Reader.readers)
`,
  },

  find(node, _selection, { facts }) {
    const named = asClass(node)?.keywords.get("metaclass");
    const metaclass = named ? facts.classNamed(named.text)?.def.node : node;
    const found = metaclass && plainMetaclass(metaclass, facts);
    const hook = found && initSubclass(found.info, found.users, facts, found.reads);
    return found && hook ? { ...hook, info: found.info, user: found.users[0]! } : undefined;
  },

  offer: ({ info, user }) => `Replace \`${info.name}\` by \`__init_subclass__\` in \`${user.name}\``,

  doubt({ info, user, actsOnBase }) {
    const base = actsOnBase
      ? `\`${info.name}\` also acts on \`${user.name}\` itself, \`__init_subclass__\` on its subclasses only. `
      : "";
    return `${base}Classes of other files that name \`${info.name}\` fail, and type() of the classes is type.`;
  },

  apply: ({ edits }) => ({ edits }),
});
