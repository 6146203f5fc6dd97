/** What hovers say of tools that measure time. */

import { argumentOf, callOf, defineConstructs, dottedName, type File, type Node } from "../../analysis/authoring.js";

export default defineConstructs([
  {
    name: "timeit.timeit",
    guide: "benchmarking",
    at: [{ name: ["timeit.timeit", "timeit.repeat", "timeit.Timer", "timeit.default_timer"] }],
    says: "Switches the garbage collector off while it measures and returns the seconds of all runs together, not of one. Take the minimum of `repeat`, since everything above it is disturbance. Caches stay warm between runs, so a first call is not what it shows. On the command line, `python -m timeit` chooses the number of runs itself.",
    here: timeitNote,
    example: "import timeit\n\nprint(timeit.‸timeit('sum(range(10))', number=1000))\n",
    unlike: ["def timeit(f):\n    return f\n\n‸timeit(print)\n"],
  },
  {
    name: "cProfile",
    guide: "profilers",
    at: [{ name: "cProfile.*" }, { module: "cProfile" }],
    says: "Records every call and return, so code with many small calls looks slower than it is, and a line loop without calls shows as one row. `tottime` is the function alone, `cumtime` includes what it calls. Up to 3.11 it sees only the thread that starts it; since 3.12 only one such profiler may be active. Time spent waiting counts as well.",
    example: "import cProfile\n\ncProfile.‸run('sum(range(10))')\n",
    unlike: [
      "import profile\n\nprofile.‸run('sum(range(10))')\n",
      "class cProfile:\n    @staticmethod\n    def run(text): ...\n\ncProfile.‸run('1')\n",
    ],
  },
  {
    name: "pstats.Stats",
    guide: "profilers",
    at: [{ name: ["pstats.Stats", "pstats.SortKey"] }, { module: "pstats" }],
    says: "Sort by `cumulative` to find the costly branch, by `tottime` to find the costly function; `strip_dirs()` shortens the paths and drops them for good. In `ncalls` a pair such as `5/1` means five calls, one of them not recursive. `print_callers` tells who is to blame for a busy helper. Read dumps with the Python version that wrote them.",
    example: "import cProfile\nimport pstats\n\nprofile = cProfile.Profile()\npstats.‸Stats(profile)\n",
    unlike: ["class Stats:\n    pass\n\n‸Stats()\n"],
  },
  {
    name: "pyinstrument",
    guide: "profilers",
    at: [{ name: "pyinstrument.*" }, { module: "pyinstrument" }],
    says: "Looks at the call stack about once a millisecond instead of at every call, so it slows the program little and does not distort small functions. It shows elapsed time as a tree, waiting included; a call shorter than the interval may not show at all, and there are no call counts. Run `pyinstrument script.py`, or `with Profiler():` around the part.",
    example: "from ‸pyinstrument import Profiler\n",
    unlike: ["from cProfile import ‸Profile\n", "class Profiler:\n    pass\n\n‸Profiler()\n"],
  },
]);

function timeitNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node));
  const call = callOf(node);
  if (name === "timeit.default_timer") return "The same as `time.perf_counter`.";
  if (!call || call.hasSplat || (name !== "timeit.timeit" && name !== "timeit.repeat")) return undefined;
  const isRepeat = name === "timeit.repeat";
  if (!argumentOf(call, "number", isRepeat ? 4 : 3))
    return `Runs a million times${isRepeat ? ", and that five times over" : ""}: \`number\` is not given.`;
  const statement = argumentOf(call, "stmt", 0);
  const isText = statement?.kind === "string";
  return isText && !argumentOf(call, "globals", isRepeat ? 5 : 4) && !argumentOf(call, "setup", 1)
    ? "The text sees no names of this file: pass `globals=globals()` if it needs any."
    : undefined;
}
