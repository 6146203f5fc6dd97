/** The text of a document follows any row of changes, whether snapshots are taken of it often or seldom. */

import assert from "node:assert/strict";
import { describe, it } from "mocha";
import type { TextDocumentContentChangeEvent } from "vscode-languageserver/node";
import { liveText } from "../../server/live-text.js";
import { allOn, analyzer } from "../harness/check.js";
import { random } from "../harness/random.js";
import { mixedPages, pageTexts } from "../soak/files.js";
import { applied, placeOf } from "../soak/places.js";

const SCRAPS = ["", "", "x", "\n", "🐍", "\ud83d", "\r\n", "\r", "(", '"""', "    pass\n"];

describe("server: the text of a document", () => {
  it("is a whole new text, though an edit before it was not asked about", async () => {
    const engine = await analyzer([]);
    const live = liveText("file:///m.py", "python", 1, "first = 1\nsecond = 2\n");
    live.adopt(engine.open(live.getText(), allOn(), "m.py"));
    live.apply({ range: { start: { line: 0, character: 0 }, end: { line: 1, character: 0 } }, text: "" }, 2);
    live.apply({ text: "third = 3\n" }, 3);
    assert.equal(live.getText(), "third = 3\n");
    assert.equal(live.length, 10);
  });

  it("is the client's after each of many changes", async () => {
    const engine = await analyzer([]);
    const pages = pageTexts();
    for (let seed = 1; seed <= 40; seed++) {
      const chance = random(seed);
      const { below, pick } = chance;
      let text = mixedPages(chance, pages, 2);
      let snapshot = engine.open(text, allOn(), "m.py");
      const live = liveText("file:///m.py", "python", 1, text);
      live.adopt(snapshot);
      const place = () => {
        const { line, character } = placeOf(text, below(text.length + 1));
        return pick([
          { line, character },
          { line, character },
          { line, character: character + 1 },
          { line, character: 900 },
          { line: line + below(5000), character: 3 },
          { line: -1, character: -5 },
          { line, character: -3 },
        ]);
      };
      let pending = [];
      for (let step = 0; step < 150; step++) {
        const change: TextDocumentContentChangeEvent =
          below(25) === 0
            ? { text: mixedPages(chance, pages, 2) }
            : { range: { start: place(), end: place() }, text: pick(SCRAPS) };
        pending.push(live.apply(change, step));
        text = applied(text, change);
        assert.equal(live.length, text.length, `seed ${seed}, step ${step}`);
        if (below(seed % 2 === 0 ? 3 : 30) > 0) continue;
        assert.equal(live.getText(), text, `seed ${seed}, step ${step}`);
        snapshot = engine.edit(snapshot, pending);
        pending = [];
        live.adopt(snapshot);
      }
    }
  });
});
