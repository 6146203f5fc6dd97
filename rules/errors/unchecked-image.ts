/** OpenCV raises nothing for an image that cannot be read or written: `imread` gives None, `imwrite` False, and a `VideoWriter` drops frames. */

import {
  asCall,
  asComparison,
  asFunction,
  asMethodCall,
  defineRule,
  excerpt,
  fileQuestion,
  functionAround,
  isCaught,
  nameGiven,
  textValue,
  useOf,
  wrapped,
  type Call,
  type Evidence,
  type Facts,
  type Match,
  type Node,
  type Weight,
} from "../../analysis/authoring.js";

const READS = "cv2.imread";
const WRITES = "cv2.imwrite";
const FILMS = "cv2.VideoWriter";

interface Unchecked extends Match {
  readonly how: "read" | "written" | "filmed";
  readonly name: string | undefined;
}

export default defineRule({
  title: "Image that may not have been read or written",
  why: "OpenCV does not raise when a file is missing, is no image, or its folder does not exist: imread gives None, imwrite gives False, and a VideoWriter that could not be opened takes every frame and writes none. What was to be saved is lost in silence, and what was to be read fails further down with an error that does not name the file.",
  guide: "debugging",
  level: "info",
  gain: "safety",
  imports: ["cv2"],

  examples: [
    {
      before: `
import cv2

def crops(image, boxes: list, folder: str) -> None:
    for number, (x, y, w, h) in enumerate(boxes):
        cv2.imwrite(f"{folder}/{number}.png", image[y:y + h, x:x + w])
`,
      after: `
import cv2

def crops(image, boxes: list, folder: str) -> None:
    for number, (x, y, w, h) in enumerate(boxes):
        path = f"{folder}/{number}.png"
        if not cv2.imwrite(path, image[y:y + h, x:x + w]):
            raise OSError(f"cannot write {path}")
`,
    },
    {
      before: `
import cv2

def size(path: str) -> tuple[int, int]:
    image = cv2.imread(path)
    return image.shape[:2]
`,
      after: `
import cv2

def size(path: str) -> tuple[int, int]:
    image = cv2.imread(path)
    if image is None:
        raise ValueError(f"cannot read {path}")
    return image.shape[:2]
`,
    },
  ],

  on: ["call"],
  calls: [READS, WRITES, FILMS],

  find(node, { facts }, call): Unchecked | undefined {
    if (facts.isTest || call.hasSplat || call.args.length === 0) return undefined;
    switch (facts.nameOf(call.callee)) {
      case READS:
        return unread(call, facts);
      case WRITES:
        return unwritten(node, call, facts);
      default:
        return unfilmed(call, facts);
    }
  },

  message: ({ how, name }) => {
    if (how === "written")
      return "`cv2.imwrite` raises nothing where the folder is missing or the disk is full: it gives False, nobody looks at that, and the image is lost.";
    if (how === "filmed")
      return `A VideoWriter that could not be opened drops every frame and raises nothing; ask \`${name}.isOpened()\` once.`;
    return name === undefined
      ? "`cv2.imread` gives None for a file that is missing or no image: what follows fails with an error that does not name the file."
      : `\`cv2.imread\` gives None for a file that is missing or no image: \`${name}\` fails further down with an error that does not name the file.`;
  },
});

const found = (
  call: Call,
  how: Unchecked["how"],
  name: Node | undefined,
  evidence: Evidence,
  weight: Weight,
): Unchecked => ({ at: call.callee, evidence, weight, how, name: name && excerpt(name.text, 30) });

/** Told once in a function: whoever tests one image tests all of them. */
function unread(call: Call, facts: Facts): Unchecked | undefined {
  const { node } = call;
  // A file of that name came with the program; a handler deals with what follows.
  if (textValue(call.args[0]) !== undefined || isCaught(node) || facts.ofFile(LOOKS_FOR_FILES)) return undefined;
  const around = functionAround(node) ?? node.tree.root;
  const first = facts.memo("first image that is read", around, () =>
    around
      .descendants("call")
      .find(
        (it) => facts.nameOf(asCall(it)?.callee ?? it) === READS && (functionAround(it) ?? it.tree.root) === around,
      ),
  );
  if (first !== node) return undefined;
  const name = nameGiven(node);
  if (!name) {
    const use = useOf(wrapped(node));
    // What is handed on may be tested by whoever gets it, but not by OpenCV, which has no image to work with.
    const isOfOpenCv =
      use.kind === "argument" && /^cv2\.(?!im|haveImage)/.test(facts.nameOf(asCall(use.call)!.callee) ?? "");
    return use.kind === "attribute" || use.kind === "method" || use.kind === "subscript" || isOfOpenCv
      ? found(call, "read", undefined, "proof", "light")
      : undefined;
  }
  const reads = facts.readsSeeing(name);
  return reads.length > 0 && reads.some(isLookedInto) && !reads.some(isTested)
    ? found(call, "read", name, "proof", "light")
    : undefined;
}

/** `image.shape`, `image[0]`, `cv2.resize(image, …)`: fails where it is None. */
function isLookedInto(read: Node): boolean {
  const use = useOf(read);
  return (
    ["attribute", "method", "subscript"].includes(use.kind) ||
    (use.kind === "argument" && /^(?:cv2|np|numpy|torch|transform\w*)\b/.test(asCall(use.call)?.callee.text ?? ""))
  );
}

/** `image is None`, `not image`, `if image`, `image or …`, `isinstance(image, …)`. */
function isTested(read: Node): boolean {
  const { parent } = read;
  if (asComparison(parent)) return /\bNone\b/.test(parent!.text);
  return (
    /^(?:not_operator|boolean_operator|assert_statement|if_statement|conditional_expression|while_statement)$/.test(
      parent?.kind ?? "",
    ) || /^(?:isinstance|bool|type)\(/.test(read.ancestor("call")?.text ?? "")
  );
}

/** `cv2.imwrite(path, image)` alone, in a file that makes no folder and asks for none. */
function unwritten(node: Node, call: Call, facts: Facts): Unchecked | undefined {
  if (node.parent?.kind !== "expression_statement" || facts.ofFile(MAKES_FOLDERS)) return undefined;
  const path = call.args[0]!;
  const said = textValue(path);
  // The folder that the program runs in is there.
  if (said !== undefined && !/[/\\]/.test(said)) return undefined;
  const isGiven = (asFunction(functionAround(node))?.parameters ?? []).some((it) => it.name === path.text);
  return found(call, "written", undefined, isGiven ? "fair" : "strong", facts.loopAround(node) ? "heavy" : "light");
}

function unfilmed(call: Call, facts: Facts): Unchecked | undefined {
  const name = nameGiven(call.node);
  if (!name || name.kind !== "identifier" || facts.ofFile(ASKS_OPENED)) return undefined;
  const writes = facts.readsSeeing(name).some((it) => asMethodCall(it.parent?.parent, "write")?.object === it);
  return writes ? found(call, "filmed", name, "proof", "light") : undefined;
}

const LOOKS_FOR_FILES = fileQuestion((facts) => facts.fileMatches(/\b(?:exists|is_file|isfile|haveImageReader)\(/));
const MAKES_FOLDERS = fileQuestion((facts) =>
  facts.fileMatches(
    /\b(?:makedirs?|mkdir|mkdirs|mkdtemp|TemporaryDirectory|NamedTemporaryFile|gettempdir|exists|isdir|is_dir|ensure_\w+|create_\w*dir\w*|make_\w*dir\w*)\(/,
  ),
);
const ASKS_OPENED = fileQuestion((facts) => facts.fileMatches(/\.isOpened\(/));
