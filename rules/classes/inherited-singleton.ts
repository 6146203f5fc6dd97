/** `hasattr(cls, "_instance")` in a class with subclasses: each of them is given the object of its base. */

import {
  declined,
  defineRule,
  excerpt,
  fixOf,
  hasComments,
  lazySingleton,
  makesOwn,
  replace,
  type Facts,
  type LazySingleton,
  type Match,
  type Node,
} from "../../analysis/authoring.js";

interface Inherited extends Match {
  readonly found: LazySingleton;
  readonly heir: string | undefined;
}

export default defineRule({
  title: "Single object that subclasses inherit",
  why: "A class attribute is looked up in the bases too. Once the base has its object, a subclass finds that one and never makes its own: a call of the subclass gives back an object of the base.",
  guide: "pattern-singleton",
  level: "warning",
  gain: "safety",
  overrides: ["classes/unlocked-singleton"],
  fixes: "review",

  examples: [
    {
      before: `
class Single:
    def __new__(cls):
        if not hasattr(cls, "instance"):
            cls.instance = super().__new__(cls)
        return cls.instance

class Settings(Single):
    rate = 1

class Registry(Single):
    names = ()
`,
      after: `
class Single:
    def __new__(cls):
        if "instance" not in cls.__dict__:
            cls.instance = super().__new__(cls)
        return cls.instance

class Settings(Single):
    rate = 1

class Registry(Single):
    names = ()
`,
    },
  ],

  on: ["function_definition"],

  find(node, { facts }): Inherited | undefined {
    const found = lazySingleton(node, facts);
    if (!found?.info || found.form === "key" || found.def.name === "__call__" || !makesOwn(found)) return undefined;
    const { info, holder } = found;
    // `Single._instance` names one class: that all subclasses share it may be meant.
    if (!/^(cls|klass|type\(self\)|self\.__class__)$/.test(holder?.text ?? "")) return undefined;
    if (info.def.decorators.some((it) => /\bfinal$/.test(it.text))) return undefined;
    // Which of several classes of one name has the subclasses is not told apart.
    if ((facts.bindingOf(info.def.nameNode)?.sites.length ?? 0) > 1) return undefined;
    const heirs = facts
      .readsOf(info.def.nameNode)
      .filter(isBase)
      .map((it) => it.ancestor("class_definition")!);
    const open = heirs.filter((it) => !setsOwn(it, found, facts));
    if (
      heirs.length > 0
        ? open.length === 0
        : !/^(?:Singleton|Single|.*SingletonBase|.*SingletonMixin|BaseSingleton)$/.test(info.name)
    )
      return undefined;
    return {
      at: found.test,
      evidence: heirs.length > 0 ? "proof" : "fair",
      weight: facts.isTest ? "light" : "heavy",
      found,
      heir: open[0]?.field("name")?.text,
      related: open
        .slice(0, 5)
        .map((it) => ({ at: it.field("name")!, message: "It inherits the object of its base." })),
    };
  },

  message({ found: { info, name, holder }, heir }) {
    const place = `\`${excerpt(`${holder!.text}.${name}`, 40)}\``;
    return heir === undefined
      ? `A subclass of \`${excerpt(info!.name, 30)}\` finds ${place} of its base, and gives back that object instead of its own.`
      : `\`${excerpt(heir, 30)}\` finds ${place} of \`${excerpt(info!.name, 30)}\` once that is set, and gives back that object instead of its own.`;
  },

  fix({ found: { test, form, holder, name, branch } }) {
    if (hasComments(test)) return declined("a comment would be lost");
    if (!branch) return declined("the test returns early, and the making stands below it");
    if (name.startsWith("__")) return declined("the name is mangled");
    const text =
      form === "hasattr"
        ? `"${name}" not in ${holder!.text}.__dict__`
        : `${holder!.text}.__dict__.get("${name}") is None`;
    return fixOf("Look at the class alone", ["each subclass then has an object of its own"], [replace(test, text)]);
  },
});

function isBase(read: Node): boolean {
  return read.ancestor("argument_list")?.parent?.kind === "class_definition";
}

/** `_instance = None` in the subclass. */
function setsOwn(heir: Node, { name }: LazySingleton, facts: Facts): boolean {
  const info = facts.classInfo(heir);
  return !info || info.attributes.some((it) => it.name === name) || info.definesMethod("__new__");
}
