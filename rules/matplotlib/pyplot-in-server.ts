/** pyplot in a handler of requests: all threads of the server share its current figure. */

import { asCall, defineRule, entryOf, functionAround, type Facts, type Node } from "../../analysis/authoring.js";

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
  calls: DRAWS,

  find(node, { facts }, call) {
    const entry = facts.isTest ? undefined : entryOf(node, facts);
    if (!entry || entry.kind === "tool" || facts.isNotebook) return undefined;
    const home = functionAround(node);
    // Once for a handler: the other calls go with it.
    if (!home || firstIn(home, facts) !== node) return undefined;
    return { at: call.callee, evidence: entry.evidence, construct: home, call, name: entry.def.name };
  },

  message: ({ call, name }) =>
    `\`${call.callee.text}\` draws on the one current figure of the process, which all requests of \`${name}\` share; a \`Figure\` of its own is safe.`,
});

function firstIn(home: Node, facts: Facts): Node | undefined {
  return facts.memo("matplotlib/pyplot-in-server", home, () =>
    home.descendants("call").find((it) => DRAWS.includes(facts.nameOf(asCall(it)?.callee ?? it) ?? "")),
  );
}
