/** A class with so many methods and attributes that it does more than one thing. */

import { defineRule, excerpt } from "../../analysis/authoring.js";

const METHODS = 25;
const ATTRIBUTES = 20;

export default defineRule({
  title: "Class with many methods and attributes",
  why: "A class that holds and does that much mostly serves several purposes, each with its own attributes. Taken apart along them, each part can be read, tested and replaced alone.",
  guide: "maintainability",
  level: "off",
  gain: "clarity",
  overlaps: ["PLR0904"],
  unlike: "attributes count beside methods, and it is off unless it is wanted",

  examples: [
    {
      before: `
class Point:
    def __init__(self):
        self.x0 = 0
        self.x1 = 0
        self.x2 = 0
        self.x3 = 0
        self.x4 = 0
        self.x5 = 0
        self.x6 = 0
        self.x7 = 0
        self.x8 = 0
        self.x9 = 0
        self.x10 = 0
        self.x11 = 0
        self.x12 = 0
        self.x13 = 0
        self.x14 = 0
        self.x15 = 0
        self.x16 = 0
        self.x17 = 0
        self.x18 = 0
        self.x19 = 0
`,
      after: `
class Point:
    def __init__(self):
        self.x = 0
        self.y = 0
`,
    },
  ],

  on: ["class_definition"],

  find(_node, { facts }, def) {
    const info = def && facts.classInfo(def.node);
    if (!info || facts.isTest) return undefined;
    const methods = info.methods.filter((it) => !it.def.name.startsWith("__")).length;
    const attributes = new Set(info.writes.map((it) => it.name)).size;
    if (methods < METHODS && attributes < ATTRIBUTES) return undefined;
    return { at: def.nameNode, evidence: "proof", weight: "light", name: info.name, methods, attributes };
  },

  message: ({ name, methods, attributes }) =>
    `\`${excerpt(name, 50)}\` has ${methods} methods and ${attributes} attributes; parts with a purpose of their own can be classes of their own.`,
});
