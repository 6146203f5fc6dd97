/** What hovers say of settings frameworks and of orchestrators. */

import {
  callOf,
  defineConstructs,
  dottedName,
  functionAround,
  type File,
  type Node,
} from "../../analysis/authoring.js";

const AIRFLOW = ["airflow.sdk", "airflow.decorators"].flatMap((it) =>
  ["dag", "task", "task_group"].map((name) => `${it}.${name}`),
);

export default defineConstructs([
  {
    name: "@hydra.main",
    guide: "configuration",
    at: [{ name: "hydra.main" }],
    says: "Composes a tree from YAML files and the command line, and passes it as the only argument. `train.py model.depth=8` changes a value, `-m rate=0.1,0.01` runs both. A name that the files do not hold is refused unless it is written `+name=…`. The return value is thrown away, and values have the types of YAML until a structured config checks them.",
    here(node) {
      const call = callOf(node);
      return call && !call.hasSplat && !call.keywords.has("version_base") && call.args.length < 3
        ? "No `version_base`: Hydra 1.3 warns and changes the working directory to the output folder."
        : undefined;
    },
    example:
      "import hydra\n\n@hydra.‸main(version_base='1.3', config_path='conf', config_name='train')\ndef main(config): ...\n",
    unlike: ["import unittest\n\nunittest.‸main()\n", "def main(): ...\n\n‸main()\n"],
  },
  {
    name: "@gin.configurable",
    guide: "configuration",
    at: [{ name: "gin.configurable" }],
    says: "Lets a line such as `train.rate = 0.5` in a .gin file replace the default of a parameter; an argument in the call still wins. Whoever reads the function cannot see that, so mark what must come from the file with `gin.REQUIRED`, and log `gin.operative_config_str()` with each run. Unknown functions and parameters raise when the file is read.",
    example: "import gin\n\n@gin.‸configurable\ndef train(rate=0.1): ...\n",
    unlike: [
      "def configurable(f):\n    return f\n\n@‸configurable\ndef train(): ...\n",
      "import traits\n\ntraits.‸configurable\n",
    ],
  },
  {
    name: "@dag / @task",
    guide: "orchestration",
    at: [
      {
        name: [
          ...AIRFLOW,
          "airflow.sdk.DAG",
          "airflow.DAG",
          "prefect.flow",
          "prefect.task",
          "dagster.asset",
          "dagster.op",
          "dagster.job",
          "kfp.dsl.component",
          "kfp.dsl.pipeline",
        ],
      },
    ],
    says: "Marks a step of a graph that runs on a schedule, with retries, so every step must be safe to run twice: take the day as an argument and write to a place of its own in one move. Hand on paths and keys instead of frames. Keep the work in plain functions, so that tests need no orchestrator.",
    here: toolNote,
    example: "from airflow.sdk import dag, task\n\n@‸dag(schedule='@daily')\ndef sales(): ...\n",
    unlike: [
      "from celery import shared_task as task\n\n@‸task\ndef send(): ...\n",
      "from invoke import task\n\n@‸task\ndef build(context): ...\n",
    ],
  },
]);

function toolNote(node: Node, { facts }: File): string | undefined {
  const name = facts.nameOf(dottedName(node)) ?? "";
  if (name.startsWith("airflow.decorators.")) return "Airflow 3 has these decorators in `airflow.sdk`.";
  if (/^airflow\.(sdk\.)?(dag|DAG)$/.test(name))
    return "Airflow: the file is run at every parse, so keep slow imports and queries out of the module level.";
  if (name.startsWith("airflow."))
    return "Airflow: the call draws an edge and runs nothing; what the task returns is stored in the database.";
  if (name === "prefect.task" && functionAround(node.ancestor("decorator") ?? node))
    return "Inside a function: each call defines a new task.";
  if (name.startsWith("prefect."))
    return "Prefect: calls run one after the other; `.submit()` runs tasks side by side.";
  if (name === "dagster.asset") return "Dagster: the function stands for the table, file or model that it makes.";
  return name === "kfp.dsl.component"
    ? "Kubeflow: runs in a container of its own, so imports belong inside the function."
    : undefined;
}
