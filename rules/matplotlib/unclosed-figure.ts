/** A figure that is made again and again, saved, and never closed. */

import {
  asAssignment,
  asAttribute,
  asCall,
  callsUnder,
  asFunction,
  asMethodCall,
  declined,
  defineRule,
  excerpt,
  fileQuestion,
  fixOf,
  functionAround,
  lineBelow,
  startsLine,
  statementOf,
  unwrap,
  useOf,
  type Call,
  type Evidence,
  type Facts,
  type FunctionDef,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Figure that is never closed",
  why: "pyplot keeps every figure that it made until somebody closes it, also when no name refers to it any more. A figure in a loop or in a function that is called often therefore fills the memory.",
  guide: "ml-ecosystem",
  level: "warning",
  // Once in a script: it ends with the program.
  differs: { light: "off" },
  gain: "memory",
  imports: ["matplotlib"],
  fixes: "review",

  examples: [
    {
      before: `
import matplotlib.pyplot as plt

def save_all(series: dict[str, list[float]], folder: str) -> None:
    for name, values in series.items():
        fig, ax = plt.subplots()
        ax.plot(values)
        fig.savefig(f"{folder}/{name}.png")
`,
      after: `
import matplotlib.pyplot as plt

def save_all(series: dict[str, list[float]], folder: str) -> None:
    for name, values in series.items():
        fig, ax = plt.subplots()
        ax.plot(values)
        fig.savefig(f"{folder}/{name}.png")
        plt.close(fig)
`,
    },
  ],

  on: ["call"],
  calls: ["matplotlib.pyplot.figure", "matplotlib.pyplot.subplots", "matplotlib.pyplot.subplot_mosaic"],
  methods: ["savefig"],

  find(node, { facts }, call) {
    // A notebook closes the figures of a cell when it has shown them; tests end soon.
    if (facts.isTest || facts.isNotebook) return undefined;
    if (asMethodCall(node, "savefig")) return madeElsewhere(node, facts) ?? currentOf(node, call, facts);
    // A figure with a number or label is found again by it.
    if (call.keywords.has("num") || call.hasSplat) return undefined;
    if (call.args.length > 0 && facts.nameOf(call.callee) === "matplotlib.pyplot.figure") return undefined;
    const home = functionAround(node);
    const loop = facts.loopAround(node);
    const def = asFunction(home);
    const isRerun = facts.view.imports("streamlit");
    if ((home && !def) || (!home && !loop && !isRerun)) return undefined;
    const named = figureOf(node);
    if (!named) return undefined;
    const doings = doingsIn(home ?? node.tree.root, facts);
    const { name } = named;
    if (doings.closes.some((it) => mayClose(it, node, name, loop)) || facts.ofFile(CLOSES_ALL)) return undefined;
    const saved = doings.saves.find(
      (it) => it.node.start > node.start && (!loop || it.node.isInside(loop)) && isSaved(it, name),
    );
    if (!saved || (name && !staysHere(name, facts))) return undefined;
    const weight = loop || !isRerun ? facts.weightOf(node) : "heavy";
    // Once in a script, but one figure after the other: all of them stay until it ends.
    const isFirstOfMany = weight === "light" && def !== undefined && !loop && doings.makes.length >= MANY;
    if (isFirstOfMany && doings.makes[0]!.node !== node) return undefined;
    const isOfManyCalls =
      weight === "light" && def !== undefined && !loop && !isFirstOfMany && isCalledOften(def, facts);
    return {
      at: call.callee,
      // A picture that always has one name is hardly drawn twice.
      evidence: (!isFirstOfMany && !isOfManyCalls && (loop || isRerun || (def && isAnotherEachTime(saved, def, facts)))
        ? "strong"
        : "fair") as Evidence,
      weight: isFirstOfMany || isOfManyCalls ? ("unknown" as const) : weight,
      count: isFirstOfMany ? doings.makes.length : 1,
      call,
      named,
      place: (loop ? "loop" : isRerun ? "rerun" : "function") as Place,
      clears: doings.clears,
      home: def?.name,
    };
  },

  message({ call, place, clears, home, count }) {
    const { text } = call.callee;
    if (place === "current")
      return `\`${text}\` saves the current figure, and nothing closes it: what is drawn here stands in the next picture as well.`;
    const why = clears
      ? `\`${clears.callee.text}()\` empties a figure but does not close it`
      : "nothing closes them, and pyplot keeps each in memory";
    if (place === "given")
      return `\`${excerpt(text, 40)}\` gives another figure in every turn, which is saved here; ${why}.`;
    if (place === "loop") return `\`${text}\` makes a new figure in every turn; ${why}.`;
    if (place === "rerun") return `\`${text}\` makes a new figure each time the page runs again; ${why}.`;
    return count > 1
      ? `Each call of \`${home}\` makes ${count} figures one after the other; ${why}.`
      : `Each call of \`${home}\` makes a new figure; ${why}.`;
  },

  fix({ call, place, named: { name, statement, others } }, { facts }) {
    if (place === "current") return declined("somebody may show the figure or draw on it later");
    if (place === "given") return declined("who makes the figure may keep it");
    const pyplot = asAttribute(call.callee)?.object;
    if (!pyplot) return declined("pyplot itself is not imported under a name");
    const block = statement.parent!;
    const end = name && facts.writesOf(name).find((it) => it.name.start > statement.end)?.name.start;
    const below = block.children.filter(
      (it) => it.start >= statement.start && (end === undefined || it.start < end) && it.kind !== "comment",
    );
    const names = [pyplot.text, ...(name ? [name.text] : []), ...others];
    const last = below.findLast((it) => names.some((word) => it.identifiers(word).length > 0));
    if (!last) return declined("the figure's last use was not found");
    if (/^(return|raise|break|continue)_statement$/.test(last.kind) || !startsLine(last))
      return declined("the figure is used by the statement that leaves the block");
    if (!name && below.some((it) => it !== statement && it.start < last.start && isMaking(it)))
      return declined("several figures without a name are made here");
    return fixOf(
      "Close the figure after its last use",
      ["nobody must show the figure or draw on it later"],
      [lineBelow(last, `${pyplot.text}.close(${name?.text ?? ""})`)],
    );
  },
});

/** The file's name hangs on what the function is given: whoever calls it does so for several pictures. */
function isAnotherEachTime({ args }: Call, def: FunctionDef, facts: Facts): boolean {
  const isGiven = (it: Node, depth = 0): boolean =>
    [it, ...it.descendants("identifier")].some(
      (name) =>
        name.kind === "identifier" &&
        (def.parameters.some((own) => own.name === name.text && own.name !== "self") ||
          (depth < 2 && facts.writesOf(name, def.node).some((site) => site.value && isGiven(site.value, depth + 1)))),
    );
  const [path] = args;
  return path === undefined || isGiven(path) || /\bself\.(?:epoch|step)/.test(path.text);
}

/** Each of so many places draws a picture of its own by it. */
function isCalledOften(def: FunctionDef, facts: Facts): boolean {
  return facts.memo("matplotlib/calls of a function", def.node, () => {
    const calls = facts.readsOf(def.nameNode).filter((it) => useOf(it).kind === "call");
    return calls.length >= MANY;
  });
}

type Place = "loop" | "rerun" | "function" | "given" | "current";

/** Functions that draw on the current axes, whichever those are. */
const DRAWS =
  /^(matplotlib\.pyplot\.(plot|scatter|bar|barh|hist|hist2d|imshow|pie|boxplot|violinplot|errorbar|contourf?|fill_between|semilog[xy]|loglog|step|stem|matshow|pcolormesh|quiver|streamplot)|seaborn\.(heatmap|barplot|boxplot|violinplot|lineplot|scatterplot|histplot|kdeplot|countplot|stripplot|swarmplot|regplot|distplot))$/;
const ANY_FIGURE = /(?:^|\.)(?:figure|subplots?|subplot_mosaic|gcf|gca|axes|switch_backend|add_subplot)$/;

/** Where a function or loop first draws on the current axes, and whether it says which figure or axes those are. Asked once for each. */
function drawnIn(region: Node, facts: Facts): { readonly first: number | undefined; readonly isOwn: boolean } {
  return facts.memo("matplotlib/drawn", region, () => {
    const calls = callsUnder(region);
    const draws = calls.filter((it) => DRAWS.test(facts.nameOf(it.callee) ?? ""));
    return {
      first: draws[0]?.node.end,
      isOwn:
        draws.some((it) => it.keywords.has("ax")) ||
        calls.some((it) => ANY_FIGURE.test(it.callee.text) || it.keywords.has("clear")),
    };
  });
}

/** `plt.plot(x)`, `plt.savefig(path)` in a function or loop that makes no figure of its own and empties none. */
function currentOf(save: Node, call: Call, facts: Facts) {
  if (facts.nameOf(call.callee) !== "matplotlib.pyplot.savefig") return undefined;
  const home = functionAround(save);
  const def = asFunction(home);
  const loop = facts.loopAround(save);
  if ((home && !def) || (!home && !loop)) return undefined;
  if (facts.fileMatches(/\.(?:clf|cla|close|show|ion)\(/)) return undefined;
  const region = home ?? loop!;
  const { first, isOwn } = drawnIn(region, facts);
  if (isOwn || first === undefined || first > save.start) return undefined;
  return {
    at: call.callee,
    evidence: "strong" as Evidence,
    weight: facts.weightOf(save),
    call,
    named: { name: undefined, others: [], statement: statementOf(save) } as Named,
    place: "current" as Place,
    count: 1,
    clears: undefined,
    home: def?.name,
  };
}

/** `fig = plot(rows)` in a loop, saved there: a function of the file that makes a figure with pyplot and returns it. */
function madeElsewhere(save: Node, facts: Facts) {
  const name = asMethodCall(save)!.object;
  const loop = facts.loopAround(save);
  const making = name.kind === "identifier" && loop ? asCall(facts.valueOf(name)) : undefined;
  if (!making || !loop || !making.node.isInside(loop) || facts.ofFile(CLOSES_ALL)) return undefined;
  const named = figureOf(making.node);
  const def = facts.functionNamed(making.callee);
  if (named?.name === undefined || !def || !givesFigure(def, making.callee, facts)) return undefined;
  const region = functionAround(save) ?? save.tree.root;
  const doings = doingsIn(region, facts);
  if (doings.closes.some((it) => mayClose(it, making.node, named.name, loop)) || !staysHere(named.name, facts))
    return undefined;
  return {
    at: making.callee,
    evidence: "strong" as Evidence,
    weight: facts.weightOf(save),
    call: making,
    named,
    place: "given" as Place,
    count: 1,
    clears: doings.clears,
    home: asFunction(functionAround(save))?.name,
  };
}

/** It makes a figure with pyplot, returns its name and closes nothing. */
function givesFigure(def: FunctionDef, callee: Node, facts: Facts): boolean {
  const body = facts.bodyOf(def);
  const made = body
    .descendants("call")
    .find((it) => /^(?:plt|pyplot)\.(?:figure|subplots|subplot_mosaic)$/.test(it.field("function")?.text ?? ""));
  const name = made && figureOf(made)?.name?.text;
  if (name === undefined || closesInside(callee, facts)) return false;
  return body
    .descendants("return_statement")
    .some((it) => it.children[0]?.text === name || it.children[0]?.children[0]?.text === name);
}

const KINDS = /(?:^|\.)(?:figure|subplots|subplot_mosaic)$/;
const isMaking = (statement: Node): boolean =>
  statement.descendants("call").some((it) => KINDS.test(it.field("function")?.text ?? ""));

interface Named {
  /** What the figure is called; undefined where only pyplot knows it. */
  readonly name: Node | undefined;
  /** What else comes of the call: the axes. */
  readonly others: readonly string[];
  readonly statement: Node;
}

/** Undefined where the figure is kept by an attribute, returned at once or given away. */
function figureOf(node: Node): Named | undefined {
  const use = useOf(node);
  const statement = statementOf(node);
  if (use.kind === "discarded") return { name: undefined, others: [], statement };
  const assignment = asAssignment(statement);
  const [target, more] = assignment?.targets ?? [];
  if (!target || more || !assignment?.value || unwrap(assignment.value) !== node) return undefined;
  if (target.kind === "identifier") return { name: target, others: [], statement };
  if (target.kind !== "pattern_list" && target.kind !== "tuple_pattern") return undefined;
  const [first] = target.children;
  if (target.descendants("attribute", "subscript").length > 0 || first?.kind !== "identifier") return undefined;
  return { name: first, others: target.descendants("identifier").map((it) => it.text), statement };
}

interface Doings {
  /** Calls that close or show figures: a window that is shown is closed by whoever looks at it. */
  readonly closes: readonly Call[];
  readonly saves: readonly Call[];
  readonly makes: readonly Call[];
  readonly clears: Call | undefined;
}

/** Asked once for the body of a function. */
function doingsIn(region: Node, facts: Facts): Doings {
  return facts.memo("matplotlib/unclosed-figure", region, () => {
    const calls = callsUnder(region);
    const isClosing = (it: Call) =>
      (CLOSES.test(it.callee.text) && !isShownOnWish(it)) ||
      (it.callee.kind === "identifier" && closesInside(it.callee, facts));
    return {
      closes: calls.filter(isClosing),
      saves: calls.filter((it) => SAVES.test(it.callee.text)),
      makes: calls.filter((it) =>
        /^matplotlib\.pyplot\.(?:figure|subplots|subplot_mosaic)$/.test(facts.nameOf(it.callee) ?? ""),
      ),
      clears: calls.find((it) => CLEARS.test(it.callee.text)),
    };
  });
}

/** `if show: plt.show()`, where `show=False` is what the function does unless it is told. */
function isShownOnWish({ node, callee }: Call): boolean {
  if (!/\.show$/.test(callee.text)) return false;
  const test = node.ancestor("if_statement", "function_definition");
  const condition = test?.kind === "if_statement" ? test.field("condition") : undefined;
  if (!condition || test!.children.some((it) => it.kind === "else_clause" || it.kind === "elif_clause")) return false;
  return (
    asFunction(functionAround(node))?.parameters.some(
      (it) => it.name === unwrap(condition).text && it.defaultValue?.text === "False",
    ) ?? false
  );
}

/** Not where another figure is named, nor where it is over before this one is made. */
function mayClose({ node, args: [figure] }: Call, made: Node, name: Node | undefined, loop: Node | undefined): boolean {
  const isLater = node.start > made.start || (loop !== undefined && node.isInside(loop));
  if (figure?.kind === "identifier") return isLater && (name === undefined || figure.text === name.text);
  return isLater || figure === undefined || figure.kind === "string";
}

/** So many figures of one call, or calls in the file, are told although nothing runs often. */
const MANY = 3;

const CLOSES = /(?:^|\.)(?:close|show|close_figure|closefig|ion|pause|savefig_and_close)$/;
const SAVES = /\.(?:savefig|pyplot)$/;
const CLEARS = /\.(?:clf|cla)$/;

function closesInside(callee: Node, facts: Facts): boolean {
  const def = facts.functionNamed(callee);
  return (
    def !== undefined &&
    facts
      .bodyOf(def)
      .descendants("call")
      .some((it) => CLOSES.test(it.field("function")?.text ?? ""))
  );
}

/** `plt.close("all")` somewhere: whoever calls this function may do it. */
const CLOSES_ALL = fileQuestion((facts) =>
  facts.fileMatches(/\bclose\(\s*(?:fig=\s*)?["']all["']\s*\)|\bplt\.close\(\s*\)/),
);

/** `fig.savefig(path)`, `plt.savefig(path)`, `pdf.savefig(fig)`, `st.pyplot(fig)`. */
function isSaved({ node, args }: Call, name: Node | undefined): boolean {
  const save = asMethodCall(node);
  if (!save) return false;
  if (save.object.text === name?.text || (args[0] !== undefined && args[0].text === name?.text)) return true;
  return /^(?:plt|pyplot|matplotlib\.pyplot|pylab|pdf|pp|st|self\.pdf)$/.test(save.object.text);
}

/** Nobody else gets the figure who might close it. */
function staysHere(name: Node, facts: Facts): boolean {
  return facts.usesOf(name).every(({ kind, call }) => {
    if (kind !== "argument") return !/^(?:returned|yielded|assigned|element|starred|other)$/.test(kind);
    const taker = asCall(call);
    if (!taker) return false;
    const known = facts.nameOf(taker.callee);
    if (known !== undefined && KEEPS.test(known)) return true;
    if (asMethodCall(call, "savefig", "pyplot")) return true;
    const def = facts.functionNamed(taker.callee);
    return def !== undefined && !closesInside(taker.callee, facts);
  });
}

/** They draw or copy, and close nothing. */
const KEEPS = /^(?:matplotlib|seaborn|streamlit|wandb|mlflow|builtins|mpl_toolkits)\./;
