/** Hovers explain findings and constructs where they stand, and their links open the guide. */

import assert from "node:assert/strict";
import * as vscode from "vscode";
import { closeEverything, findingOf, open, until } from "./window.js";
import { guideTabs, untilGuideShows } from "./guide-tab.js";

const guideLink = /\]\(command:nippy\.openGuide\?([^)\s]+)/;

/** What Nippy says at a place, as the editor shows it. */
async function noteAt(uri: vscode.Uri, position: vscode.Position): Promise<vscode.MarkdownString | undefined> {
  const hovers = await vscode.commands.executeCommand<vscode.Hover[]>("vscode.executeHoverProvider", uri, position);
  const texts = hovers
    .flatMap(({ contents }) => contents)
    .filter((content) => content instanceof vscode.MarkdownString);
  return texts.find(({ value }) => guideLink.test(value));
}

async function follow(note: vscode.MarkdownString): Promise<void> {
  const args = JSON.parse(decodeURIComponent(guideLink.exec(note.value)?.[1] ?? "")) as unknown[];
  await vscode.commands.executeCommand("nippy.openGuide", ...args);
}

/** Each line holds one construct, behind the mark, and a word that its note must say. */
const CONSTRUCTS: readonly (readonly [line: string, says: RegExp])[] = [
  ["results = await asyncio.‸gather(first(), second())", /TaskGroup/],
  ["results = ‸await first()", /event loop/],
  ["‸yield 1", /generator|lazy|lazily|suspend|state/i],
  ["worker = threading.‸Thread(target=print)", /GIL|lock|thread/i],
  ["‸with open('a') as file: pass", /exit|close/i],
  ["cached = functools.‸lru_cache(maxsize=8)(len)", /maxsize/],
  ["wrapped = functools.‸wraps(len)", /name|metadata|signature/i],
  ["pool = multiprocessing.‸Pool(4)", /chunksize|imap|guard|pickle/i],
  ["loader = ‸DataLoader([1, 2])", /worker/i],
  ["faster = torch.‸compile(len)", /first call|graph|compile/i],
  ["view = np.lib.stride_tricks.‸as_strided(np.zeros(3))", /sliding_window_view|memory|shape/i],
  ["gc.‸collect()", /cycle|generation/i],
];

describe("hover", () => {
  afterEach(closeEverything);

  it("explains the finding and links to a guide section that opens", async () => {
    const { document } = await open(
      "hover.py",
      'import pandas as pd\n\ndf = pd.read_csv("a.csv")\nfor _, row in df.iterrows():\n    print(row["a"])\n',
    );
    const finding = await findingOf("pandas/iterrows", document.uri);
    const ours = await noteAt(document.uri, finding.range.end.translate(0, -1));
    assert.ok(ours, "a hover has a link to the guide");
    assert.match(ours.value, /explainRule\?\S*pandas%2Fiterrows/);
    assert.ok(
      typeof ours.isTrusted === "object" && ours.isTrusted.enabledCommands.includes("nippy.openGuide"),
      "the link may run its command",
    );
    assert.deepEqual(guideTabs(), []);
    await follow(ours);
    await untilGuideShows(/ - Nippy Guide$/);
  });

  it("leads from a finding to its quick fixes, wherever the cursor was", async () => {
    const editor = await open(
      "hover-fix.py",
      "def lengths(words: list[str]) -> list[int]:\n    sizes = []\n    for word in words:\n        sizes.append(len(word))\n    return sizes\n",
    );
    const { document } = editor;
    const finding = await findingOf("iteration/append-in-loop", document.uri);
    const note = await noteAt(document.uri, finding.range.start);
    const [, argument = ""] =
      /\[Quick fix or ignore…\]\(command:nippy\.showFixes\?([^)\s]+)\)/.exec(note?.value ?? "") ?? [];
    assert.ok(
      typeof note?.isTrusted === "object" && note.isTrusted.enabledCommands.includes("nippy.showFixes"),
      "the link may run its command",
    );
    editor.selection = new vscode.Selection(0, 0, 0, 0);
    await vscode.commands.executeCommand("nippy.showFixes", ...(JSON.parse(decodeURIComponent(argument)) as unknown[]));
    assert.ok(vscode.window.activeTextEditor?.selection.active.isEqual(finding.range.start));
    // The menu takes some time to open; its first entry is the fix.
    await until("the fix that the menu offers first", async () => {
      await vscode.commands.executeCommand("acceptSelectedCodeAction");
      return document.getText().includes("return [len(word) for word in words]") || undefined;
    });
  });

  it("explains constructs by what their names resolve to, and leads to their section", async () => {
    const head = [
      "import asyncio, functools, gc, multiprocessing, threading",
      "import numpy as np",
      "import torch",
      "from torch.utils.data import DataLoader",
      "",
      "async def run(first, second):",
    ];
    const lines = CONSTRUCTS.map(([line]) => `    ${line}`);
    const { document } = await open("constructs.py", [...head, ...lines].join("\n").replaceAll("‸", ""));
    const silent: string[] = [];
    let last: vscode.MarkdownString | undefined;
    for (const [index, [line, says]] of CONSTRUCTS.entries()) {
      const position = new vscode.Position(head.length + index, 4 + line.indexOf("‸"));
      // The server may still be starting when the first one is asked.
      const note =
        index === 0
          ? await until("the first note", () => noteAt(document.uri, position))
          : await noteAt(document.uri, position);
      if (note === undefined || !says.test(note.value)) silent.push(`${line}: ${note?.value ?? "nothing"}`);
      last = note ?? last;
    }
    assert.deepEqual(silent, []);
    await follow(last!);
    await untilGuideShows(/ - Nippy Guide$/);
  });

  it("says nothing of a method of the same name on an unknown object", async () => {
    const { document } = await open(
      "unknown.py",
      "import torch\n\ndef run(thing):\n    thing.gather(1)\n    torch.compile(thing)\n",
    );
    await until("the note on what is known", () => noteAt(document.uri, new vscode.Position(4, 12)));
    assert.equal(await noteAt(document.uri, new vscode.Position(3, 12)), undefined);
  });
});
