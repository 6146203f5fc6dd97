/** A CUDA kernel of Numba that is called like a function. */

import { asFunction, defineRule, functionAround, isKernel, numbaDecorator } from "../../analysis/authoring.js";

export default defineRule({
  title: "CUDA kernel called without blocks and threads",
  why: "A kernel runs once for each thread, so the call has to say how many there are. Without that Numba raises an error.",
  guide: "numba-parallel-gpu",
  level: "error",
  gain: "safety",
  imports: ["numba"],
  words: ["cuda"],

  examples: [
    {
      before: `
from numba import cuda

@cuda.jit
def double(values):
    position = cuda.grid(1)
    if position < values.size:
        values[position] *= 2

def run(values):
    double(values)
`,
      after: `
from numba import cuda

@cuda.jit
def double(values):
    position = cuda.grid(1)
    if position < values.size:
        values[position] *= 2

def run(values):
    threads = 128
    double[(values.size + threads - 1) // threads, threads](values)
`,
    },
  ],

  on: ["call"],

  find(node, { facts }, call) {
    if (call.callee.kind !== "identifier") return undefined;
    const def = facts.functionNamed(call.callee);
    if (!def || !isKernel(def, facts)) return undefined;
    // On the card one function calls another as usual.
    const around = asFunction(functionAround(node));
    if (around && numbaDecorator(around, facts)) return undefined;
    return { at: call.callee, def };
  },

  message: ({ def }) =>
    `\`${def.name}\` is a CUDA kernel: without blocks and threads, as in \`${def.name}[blocks, threads](…)\`, the call raises an error.`,
});
