/** A class that gives back what it holds in `__del__` alone. */

import {
  asCall,
  asMethodCall,
  defineRule,
  excerpt,
  statementsOf,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Resources given back in __del__ alone",
  why: "When __del__ runs is not said: late where the object is part of a cycle or held by a traceback, at the end of the program perhaps never, when modules are already gone. Exceptions in it are only printed. A with block, or a close method beside it, says when.",
  guide: "context-managers",
  level: "warning",
  gain: "safety",
  words: ["__del__"],

  examples: [
    {
      before: `
class Log:
    def __init__(self, path: str) -> None:
        self.file = open(path, "a")

    def write(self, line: str) -> None:
        self.file.write(line)

    def __del__(self) -> None:
        self.file.close()
`,
      after: `
class Log:
    def __init__(self, path: str) -> None:
        self.file = open(path, "a")

    def write(self, line: str) -> None:
        self.file.write(line)

    def __enter__(self) -> "Log":
        return self

    def __exit__(self, *error: object) -> None:
        self.file.close()
`,
    },
  ],

  on: ["function_definition"],

  find(_node, { facts }, def) {
    if (def?.name !== "__del__" || facts.isTest) return undefined;
    const owner = facts.classOf(def.outer);
    if (!owner) return undefined;
    // There is another way to give it back: this one is the safety net.
    if (owner.methods.some((it) => OTHERS.test(it.def.name))) return undefined;
    if (
      facts
        .basesOf(owner)
        .some((it) =>
          typeof it === "object"
            ? it.methods.some((other) => OTHERS.test(other.def.name))
            : !/^(?:abc\.ABC|builtins\.object|typing\.\w+|torch\.nn\.Module|torch\.utils\.data\.Dataset)$/.test(
                it ?? "",
              ),
        )
    )
      return undefined;
    const release = releaseIn(def);
    if (!release) return undefined;
    return {
      at: def.nameNode,
      evidence: "strong",
      // A file or a memory map that nobody holds closes itself; a process goes on, and a folder stays.
      weight: /mmap/.test(release.text) ? "light" : /\bclose\(/.test(release.text) ? "unknown" : "heavy",
      related: [{ at: release, message: "given back here" }],
      release,
      owner: owner.name,
    };
  },

  message: ({ release, owner }) =>
    `\`${excerpt(release.field("function")!.text, 50)}\` runs whenever \`${excerpt(owner, 30)}\` is collected, if at all; \`__enter__\` and \`__exit__\`, or a \`close\`, say when.`,
});

const OTHERS =
  /^_*(?:(?:close|stop|release|disconnect)\w*|(?:a?exit|aclose|shut_?down|terminate|dispose|cleanup|clean_up|free|quit|finish|end|join|destroy|reset|teardown|kill|delete)_*)$/i;
const RELEASES =
  /^(?:close|release|shutdown|disconnect|terminate|kill|cleanup|quit|rmtree|unlink|remove|rmdir|stop|logout)$/;

/** The call that gives something back: of an attribute, or of the file system. */
function releaseIn(def: FunctionDef): Node | undefined {
  if (statementsOf(def.body).length === 0) return undefined;
  const self = def.parameters[0]?.name;
  return def.body.descendants("call").find((it) => {
    const method = asMethodCall(it);
    if (!method || !RELEASES.test(method.method)) return false;
    const ofSelf = method.object.text.startsWith(`${self}.`);
    return (
      ofSelf ||
      (/^(?:os|shutil)$/.test(method.object.text) &&
        asCall(it)!.args.some((argument) => argument.text.startsWith(`${self}.`)))
    );
  });
}
