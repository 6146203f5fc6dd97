/** Whatever the cases of all rules hold in their strings, comments, names, values and in the name of their folder: what is said of them is text and nothing else. */
import assert from "node:assert/strict";
import { before, describe, it } from "mocha";
import { inMarkdown, type Analyzer, type Parser } from "../../analysis/analyzer.js";
import { rules } from "../../rules/index.generated.js";
import { allOn, analyzer, parser } from "../harness/check.js";
import { random } from "../harness/random.js";
import { pageOf } from "../harness/snapshot.js";
import { MODULE, readSpec, settingsOf } from "../harness/spec.js";
import { withNames, withTextsIn, withValues } from "./poison.js";
import { foreign, PAYLOADS, PLAIN_LINE } from "./shown-text.js";

const FOLDER = "/a`[b](https://evil.example)<img src=x>\u202e/";
/** The last payload is there to be long: no case needs it. */
const SHORT = PAYLOADS.slice(0, -1);

describe("the cases of all rules, written by a stranger", () => {
  let engine: Analyzer;
  let parse: Parser;
  let reached = 0;
  before(async () => {
    [engine, parse] = [await analyzer(), await parser()];
  });

  /** All that is said of a text. */
  const said = (text: string, settings: Parameters<Analyzer["open"]>[1], path: string): readonly string[] => {
    const snapshot = engine.open(text, settings, path);
    const { findings, failures, comments } = engine.report(snapshot);
    assert.deepEqual(failures, [], text);
    return [
      ...comments.map((it) => it.message),
      ...findings.flatMap((it) => {
        const fix = engine.fix(snapshot, it);
        return [
          it.message,
          ...it.related.map((related) => related.message),
          ...(fix ? [fix.title, ...fix.doubts] : [engine.whyNoFix(snapshot, it) ?? ""]),
        ];
      }),
    ];
  };

  const areas = [...new Set(rules.map((it) => it.name.split("/")[0]!))];
  for (const [seed, area] of areas.entries())
    it(`are told of in text alone: ${area}`, () => {
      const { below, pick } = random(seed + 1);
      for (const rule of rules.filter((it) => it.name.startsWith(`${area}/`))) {
        const cases = [
          ...rule.examples.map(({ before: source, file }) => ({ source, file, settings: {} })),
          ...readSpec(pageOf(rule.name)).map((it) => ({ source: it.source, file: it.file, settings: settingsOf(it) })),
        ];
        for (const { source, file, settings } of cases) {
          const isToml = file?.endsWith(".toml") ?? false;
          const forms =
            file === undefined
              ? [
                  withTextsIn(parse.parse(withNames(source, "__evil__")), pick(SHORT), () => true),
                  withTextsIn(parse.parse(source), pick(SHORT), () => below(2) === 0),
                ]
              : [withValues(source, pick(SHORT), isToml)];
          for (const form of forms)
            for (const text of said(form, allOn(settings), `${FOLDER}${file ?? MODULE}`)) {
              if (text.includes("evil")) reached++;
              assert.match(text, PLAIN_LINE, `${rule.name}: ${form}`);
              assert.deepEqual(foreign(inMarkdown(text)), [], `${rule.name}: ${text}`);
            }
        }
      }
    });

  it("are told of with what they hold", () => {
    assert.ok(reached > 2_000, `${reached} of the texts hold some of it`);
  });
});
