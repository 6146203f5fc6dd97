/** `sklearn`, `cv2`, `pytorch` among the requirements: names of imports, or of packages that are no more, under which pip installs nothing of the kind. */

import {
  asRequirement,
  declined,
  defineRule,
  fixOf,
  replace,
  type Match,
  type Requirement,
} from "../../analysis/authoring.js";

interface Misnamed extends Match {
  readonly requirement: Requirement;
  readonly right: string;
}

/** Tried with pip in November 2026: there is no such distribution, or it only refuses to be installed, or it is another program. */
const RIGHT: ReadonlyMap<string, string> = new Map([
  ["cv2", "opencv-python"],
  ["dateutil", "python-dateutil"],
  ["docx", "python-docx"],
  ["faiss", "faiss-cpu"],
  ["fitz", "pymupdf"],
  ["pil", "pillow"],
  ["pytorch", "torch"],
  ["skimage", "scikit-image"],
  ["sklearn", "scikit-learn"],
  ["tensorflow-gpu", "tensorflow"],
  ["yaml", "pyyaml"],
]);

/** Of these there is more than one that offers the import. */
const OTHERS: ReadonlyMap<string, string> = new Map([
  ["cv2", "`opencv-python-headless` offers the same without windows"],
  ["faiss", "`faiss-gpu` may be meant"],
]);

export default defineRule({
  title: "Requirement under a name that is not the package's",
  why: "What is imported as `sklearn` is installed as scikit-learn. Under the name of the import pip finds nothing, a package that only refuses to be installed, or another program.",
  guide: "environments",
  level: "error",
  gain: "safety",
  document: "configuration",
  fixes: "review",

  examples: [
    {
      file: "requirements.txt",
      before: `
numpy>=2
sklearn
`,
      after: `
numpy>=2
scikit-learn
`,
    },
  ],

  on: ["requirement"],

  find(node): Misnamed | undefined {
    const requirement = asRequirement(node);
    const right = requirement && RIGHT.get(requirement.name);
    if (!right) return undefined;
    // Old releases of it are there.
    if (requirement.name === "tensorflow-gpu" && requirement.specifier !== "") return undefined;
    // Its release 0.0 is there, empty, and asks for the package of the right name.
    if (requirement.name === "sklearn" && /^==\s*0\.0$/.test(requirement.specifier)) return undefined;
    return { at: requirement.nameAt, evidence: "proof", weight: "heavy", requirement, right };
  },

  message: ({ requirement: { name }, right }) =>
    `pip installs nothing usable as \`${name}\`; the package is called \`${right}\`.`,

  fix({ requirement, right }) {
    const { node, name, specifier, path } = requirement;
    if (node.parent?.kind === "setting_key") return declined("the version is that of another name");
    if (/^==?\s*0\.0(?!\d)/.test(specifier)) return declined(`the version \`${specifier}\` is that of another name`);
    if (path[0] === "build-system") return declined("it is needed to build the project");
    return fixOf(
      `Require \`${right}\``,
      ["an environment that was made before has to be made anew", OTHERS.get(name)],
      [replace(requirement.nameAt, right)],
    );
  },
});
