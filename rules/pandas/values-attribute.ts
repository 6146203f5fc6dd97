/** `df.values`, where `df.to_numpy()` says what comes out. */

import {
  asAttribute,
  asCall,
  ATOM,
  declined,
  defineRule,
  excerpt,
  fixOf,
  frameEvidence,
  hasComments,
  isDeleted,
  isStored,
  replace,
  seriesEvidence,
  textIn,
  unwrap,
  wrapped,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "Table turned into an array by its values attribute",
  why: "values gives an array, a Categorical or something else, by what the column holds, and is kept for old code. to_numpy always gives an array, can be told its dtype and what stands for missing values, and array gives what the column itself keeps.",
  guide: "pandas",
  level: "hint",
  differs: { light: "off", unknown: "kept" },
  gain: "clarity",
  imports: ["pandas"],
  overlaps: ["PD011"],
  unlike: "the object has to be a table: `values` of a dict, of xarray or of an own class is left alone",
  fixes: "safe",

  examples: [
    {
      before: `
import pandas as pd

def matrix(features: pd.DataFrame):
    return features.values
`,
      after: `
import pandas as pd

def matrix(features: pd.DataFrame):
    return features.to_numpy()
`,
    },
  ],

  on: ["attribute"],

  find(node, { facts }) {
    const attribute = asAttribute(node);
    if (attribute?.name !== "values" || facts.isTest || isCalledOrStored(node)) return undefined;
    // A class of the file may say for itself what it gives.
    if (
      facts.fileMatches(
        /\bdef (?:values|to_numpy|__getattr\w*__)\b|^[ \t]+(?:values|to_numpy) *= *(?:\w+\.)?(?:\w*property|lambda)\b/m,
      )
    )
      return undefined;
    const { object } = attribute;
    const frame = frameEvidence(object, facts);
    const evidence = frame ?? seriesEvidence(object, facts);
    return evidence && evidence !== "fair"
      ? { at: node.field("attribute")!, construct: node, evidence, object, isFrame: frame !== undefined }
      : undefined;
  },

  message: ({ object, isFrame }) =>
    `\`${excerpt(object.text.replace(/\s+/g, " "), 40)}.values\` ${
      isFrame ? "is kept for old code" : "is an array or not, by what the column holds"
    }; \`to_numpy()\` always gives an array.`,

  fix({ object, construct, isFrame }, { facts }) {
    if (hasComments(construct)) return declined("a comment would be lost");
    const isKnown = facts.isA(object, isFrame ? "pandas.DataFrame" : "pandas.Series");
    return fixOf(
      "Use to_numpy()",
      [
        !isKnown && `\`${excerpt(object.text, 30)}\` must be a table of pandas`,
        !isFrame && "categories and dates with a time zone become objects, and missing whole numbers stay missing",
      ],
      [replace(construct, `${textIn(unwrap(object), ATOM)}.to_numpy()`)],
    );
  },
});

/** `counts.values()` is a dict's, and nothing can be stored to a call. */
function isCalledOrStored(node: Node): boolean {
  if (asCall(wrapped(node).parent)?.callee === node) return true;
  return isStored(node) || isDeleted(node);
}
