/** Finds `import imp` and other modules that the standard library no longer has. */

import {
  asksFirst,
  asAttribute,
  declined,
  defineRule,
  fixOf,
  hasComments,
  isPython2,
  replace,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

/** The release without the module, and what takes its place. */
type Gone = readonly [since: Facts["python"], instead: string];

const GONE = {
  asynchat: ["3.12", "`asyncio` takes its place"],
  asyncore: ["3.12", "`asyncio` takes its place"],
  distutils: ["3.12", "only where setuptools is installed is there still one"],
  imp: ["3.12", "`importlib` takes its place"],
  smtpd: ["3.12", "aiosmtpd takes its place"],
  aifc: ["3.13", ""],
  audioop: ["3.13", "audioop-lts brings it back"],
  cgi: ["3.13", "`urllib.parse` and `email.message` have what most use of it, and legacy-cgi brings it back"],
  cgitb: ["3.13", "legacy-cgi brings it back"],
  chunk: ["3.13", ""],
  crypt: ["3.13", "`hashlib`, or a library for passwords, takes its place"],
  imghdr: ["3.13", "filetype or Pillow tells kinds of pictures"],
  lib2to3: ["3.13", "libcst and parso read Python"],
  mailcap: ["3.13", "`mimetypes` takes its place"],
  msilib: ["3.13", ""],
  nis: ["3.13", ""],
  nntplib: ["3.13", ""],
  ossaudiodev: ["3.13", ""],
  pipes: ["3.13", "`shlex.quote` and `subprocess` take its place"],
  sndhdr: ["3.13", "filetype tells kinds of sounds"],
  spwd: ["3.13", ""],
  sunau: ["3.13", ""],
  telnetlib: ["3.13", "telnetlib3 takes its place"],
  uu: ["3.13", "`base64` takes its place"],
  xdrlib: ["3.13", ""],
} as const satisfies Readonly<Record<string, Gone>>;

type Module = keyof typeof GONE;

/** What these modules had: projects have files of such names too. */
const COMMON: Readonly<Partial<Record<Module, RegExp>>> = {
  chunk: /^Chunk$/,
  crypt: /^(?:crypt|mksalt|methods|METHOD_\w+)$/,
  imp: /^(?:load_\w+|find_module|reload|new_module|get_suffixes|acquire_lock|release_lock|PY_\w+|C_EXTENSION|cache_from_source|source_from_cache|is_frozen)$/,
  pipes: /^(?:quote|Template)$/,
  uu: /^(?:encode|decode|Error)$/,
};

/** The same under the name it has now, where one statement can be written for the other. */
const NOW: Readonly<Record<string, readonly [module: string, name: string, doubt?: string]>> = {
  "pipes.quote": ["shlex", "quote"],
  "imp.reload": ["importlib", "reload"],
  "distutils.spawn.find_executable": [
    "shutil",
    "which",
    "it looks for files that may be run, and not in the folder it runs in",
  ],
};

export default defineRule({
  title: "Module that Python no longer has",
  why: "Python 3.12 and 3.13 took out modules that nobody looked after. Code that imports one ends with a ModuleNotFoundError as soon as it runs on a newer Python.",
  guide: "environments",
  level: "error",
  gain: "safety",
  words: Object.keys(GONE),
  fixes: "safe",

  examples: [
    {
      before: `
def listing(folder: str) -> str:
    from pipes import quote
    return f"ls -l {quote(folder)}"
`,
      after: `
def listing(folder: str) -> str:
    from shlex import quote
    return f"ls -l {quote(folder)}"
`,
    },
  ],

  on: ["import_statement", "import_from_statement"],
  begins: new RegExp(`(?:import|from)\\b[^\\n]*\\b(?:${Object.keys(GONE).join("|")})\\b`),

  find(node, { facts }) {
    const imported = importedBy(node);
    if (imported.length === 0 || facts.isArchived || isPython2(facts)) return undefined;
    const gone = imported.filter(({ at, module, name }) => isGone(node, at, module, name, facts));
    if (gone.length === 0 || asksFirst(node, facts) || isForTypes(node)) return undefined;
    const once = node.kind === "import_from_statement" ? gone.slice(0, 1) : gone;
    return once.map(({ at, module }) => {
      const [since] = GONE[module];
      const isCertain = facts.hasPython(since) && module !== "distutils";
      return { at, evidence: isCertain ? ("proof" as const) : ("fair" as const), module, node };
    });
  },

  message({ module }) {
    const [since, instead] = GONE[module];
    return `\`${module}\` is gone since Python ${since}${instead === "" ? "" : `; ${instead}`}.`;
  },

  fix({ node, module }) {
    const names = node.fieldAll("name");
    const [only] = names;
    const source = node.field("module_name")?.text ?? "";
    const bare = only?.kind === "aliased_import" ? only.field("name")! : only;
    const now = bare && NOW[`${source}.${bare.text}`];
    if (node.kind !== "import_from_statement" || names.length !== 1 || !now)
      return declined(`what takes the place of \`${module}\` is used in another way`);
    if (hasComments(node)) return declined("a comment would be lost");
    const [target, name, doubt] = now;
    const bound = only!.kind === "aliased_import" ? only!.field("alias")!.text : bare.text;
    const item = bound === name ? name : `${name} as ${bound}`;
    return fixOf(`Import it from ${target}`, [doubt], [replace(node, `from ${target} import ${item}`)]);
  },
});

interface Imported {
  readonly at: Node;
  readonly module: Module;
  /** What is taken out of it; undefined where the module itself is imported. */
  readonly name: string | undefined;
}

function importedBy(node: Node): readonly Imported[] {
  const isName = (text: string): text is Module => Object.hasOwn(GONE, text);
  if (node.kind === "import_from_statement") {
    const source = node.field("module_name");
    const module = source?.text.split(".")[0] ?? "";
    if (source?.kind !== "dotted_name" || !isName(module)) return [];
    return node.fieldAll("name").map((it) => {
      const name = (it.kind === "aliased_import" ? it.field("name")! : it).text;
      return { at: source, module, name: source.text.includes(".") ? undefined : name };
    });
  }
  return node.fieldAll("name").flatMap((it) => {
    const path = it.kind === "aliased_import" ? it.field("name")! : it;
    const module = path.text.split(".")[0]!;
    return isName(module) ? [{ at: path, module, name: undefined }] : [];
  });
}

function isGone(node: Node, at: Node, module: Module, name: string | undefined, facts: Facts): boolean {
  const [since] = GONE[module];
  if (!facts.mayHaveLibrary("python", since)) return false;
  // The project asks for what brings it back.
  if (isBroughtBack(module, facts)) return false;
  const common = COMMON[module];
  if (common && !/\./.test(at.text)) {
    if (name !== undefined) return common.test(name);
    const alias = node.fieldAll("name").find((it) => it.kind === "aliased_import" && at.isInside(it));
    const bound = alias?.field("alias") ?? at.children[0] ?? at;
    return facts.readsOf(bound).some((it) => common.test(asAttribute(it.parent)?.name ?? ""));
  }
  // A build runs where setuptools is, which has a distutils of its own.
  return module !== "distutils" || !facts.fileMatches(/\bsetuptools\b|^[ \t]*setup[ \t]*\(|\bsetup_requires\b/m);
}

function isBroughtBack(module: Module, facts: Facts): boolean {
  switch (module) {
    case "imp":
    case "crypt":
    case "lib2to3":
    case "msilib":
    case "nis":
    case "ossaudiodev":
    case "spwd":
      return false;
    case "cgitb":
      return facts.hasLibrary("cgi", "0") === "yes";
    default:
      return facts.hasLibrary(module, "0") === "yes";
  }
}

/** `if TYPE_CHECKING:`, which never runs. */
function isForTypes(node: Node): boolean {
  for (let at = node.ancestor("if_statement"); at; at = at.ancestor("if_statement"))
    if (/\bTYPE_CHECKING\b/.test(at.field("condition")?.text ?? "")) return true;
  return false;
}
