/** pyplot in a handler of requests: all threads of the server share its current figure. */

import {
  asCall,
  defineRule,
  entryOf,
  excerpt,
  functionAround,
  type Call,
  type Evidence,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

const DRAWS = [
  "figure",
  "subplots",
  "subplot",
  "plot",
  "bar",
  "barh",
  "hist",
  "scatter",
  "imshow",
  "pie",
  "boxplot",
  "savefig",
  "title",
  "xlabel",
].map((it) => `matplotlib.pyplot.${it}`);

const SHOWS = "streamlit.pyplot";

export default defineRule({
  title: "Request handler that draws with pyplot",
  why: "pyplot has one current figure for the whole process, and keeps the figures that it made. Two requests at a time draw into each other's figure, and each leaves one behind that is not closed. A Figure object belongs to its request alone.",
  guide: "ml-ecosystem",
  level: "warning",
  gain: "safety",
  imports: ["matplotlib"],
  overrides: ["matplotlib/unclosed-figure"],

  examples: [
    {
      before: `
import io
import matplotlib.pyplot as plt
from fastapi import FastAPI, Response

app = FastAPI()

@app.get("/chart")
def chart(last: int) -> Response:
    plt.plot(range(last))
    picture = io.BytesIO()
    plt.savefig(picture, format="png")
    return Response(picture.getvalue(), media_type="image/png")
`,
      after: `
import io
from matplotlib.figure import Figure
from fastapi import FastAPI, Response

app = FastAPI()

@app.get("/chart")
def chart(last: int) -> Response:
    figure = Figure()
    figure.subplots().plot(range(last))
    picture = io.BytesIO()
    figure.savefig(picture, format="png")
    return Response(picture.getvalue(), media_type="image/png")
`,
    },
  ],

  on: ["call"],
  calls: [...DRAWS, SHOWS],

  find(node, { facts }, call): Drawn | undefined {
    if (facts.nameOf(call.callee) === SHOWS) return onPage(call, facts);
    const entry = facts.isTest ? undefined : entryOf(node, facts);
    if (!entry || entry.kind === "tool" || facts.isNotebook) return undefined;
    const home = functionAround(node);
    // Once for a handler: the other calls go with it.
    if (!home || firstIn(home, facts) !== node) return undefined;
    return { at: call.callee, evidence: entry.evidence, construct: home, call, name: entry.def.name };
  },

  message: ({ call, name }) =>
    name === undefined
      ? `\`${excerpt(call.node.text.replace(/\s+/g, " "), 40)}\` shows the one current figure of the process, on which other sessions draw at the same time; pass it a figure made by \`plt.subplots()\`.`
      : `\`${call.callee.text}\` draws on the one current figure of the process, which all requests of \`${name}\` share; a \`Figure\` of its own is safe.`,
});

interface Drawn {
  readonly at: Node;
  readonly evidence: Evidence;
  readonly weight?: "unknown";
  readonly construct: Node;
  readonly call: Call;
  /** The handler; undefined for a page of Streamlit. */
  readonly name: string | undefined;
}

/** `st.pyplot(plt)`, `st.pyplot(plt.gcf())`: each session of a page runs in a thread of its own. Once for each function or page. */
function onPage(call: Call, facts: Facts): Drawn | undefined {
  const { node } = call;
  const around = functionAround(node);
  const home = around ?? node.tree.root;
  const first = facts.memo("matplotlib/pyplot-in-server, page", home, () =>
    home.descendants("call").find((it) => functionAround(it) === around && showsCurrent(asCall(it), facts)),
  );
  if (facts.isTest || first !== node) return undefined;
  return { at: call.callee, evidence: "strong", weight: "unknown", construct: node, call, name: undefined };
}

function showsCurrent(call: Call | undefined, facts: Facts): boolean {
  if (!call || facts.nameOf(call.callee) !== SHOWS) return false;
  const figure = call.args[0] ?? call.keywords.get("fig");
  if (!figure) return !call.hasSplat;
  const current = asCall(figure);
  return facts.nameOf(current?.callee ?? figure) === (current ? "matplotlib.pyplot.gcf" : "matplotlib.pyplot");
}

function firstIn(home: Node, facts: Facts): Node | undefined {
  return facts.memo("matplotlib/pyplot-in-server", home, () =>
    home.descendants("call").find((it) => DRAWS.includes(facts.nameOf(asCall(it)?.callee ?? it) ?? "")),
  );
}
