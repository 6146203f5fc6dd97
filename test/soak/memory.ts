/** Types into a long file, thousands of times, and looks at what the server's memory does. */
import type { TextEdit } from "../../analysis/analyzer.js";
import { random } from "../harness/random.js";
import { afterEdits, inverse, typist } from "../harness/typist.js";
import { fileOfLines, pageTexts } from "./files.js";
import { placeOf } from "./places.js";
import { startServerProcess, type Memory } from "./server-process.js";

export interface MemoryOutcome {
  readonly lines: number;
  /** After the first hundred edits in a server that was just started. */
  readonly cold: Memory;
  readonly samples: readonly (Memory & { readonly edits: number })[];
}

export interface MemoryOptions {
  readonly seed: number;
  readonly edits: number;
  /** Edits of another document, which is closed then. Without them the first sample would lack the code that V8 compiles for what runs often. */
  readonly warmUp: number;
  /** Whether such a share of the time, from 0 to 1, is over. */
  isOver(share: number): boolean;
  onEdit?(): void;
  readonly server?: string;
}

/** So many edits are made, then taken back one by one: at the end of a round the text is what it was, so that only the edits can have left something behind. */
const ROUND = 50;
const FIRST_SAMPLE = 100;
const DISTANCE = 1000;

export async function serverMemory({
  seed,
  edits,
  warmUp,
  isOver,
  onEdit,
  server,
}: MemoryOptions): Promise<MemoryOutcome> {
  const { text: original } = fileOfLines(3500);
  const { connection, memory, stop } = await startServerProcess(server);
  const chance = random(seed);
  const donors = pageTexts();

  const editing = async (uri: string, count: number, share: number, sample: (edits: number) => Promise<void>) => {
    let version = 1;
    let text = original;
    const make = async (batch: readonly TextEdit[]) => {
      const contentChanges = batch.map((edit) => {
        const range = { start: placeOf(text, edit.start), end: placeOf(text, edit.end) };
        text = afterEdits(text, [edit]);
        return { range, text: edit.text };
      });
      await connection.sendNotification("textDocument/didChange", {
        textDocument: { uri, version: ++version },
        contentChanges,
      });
      await connection.sendRequest("textDocument/diagnostic", { textDocument: { uri } });
      onEdit?.();
    };
    await connection.sendNotification("textDocument/didOpen", {
      textDocument: { uri, languageId: "python", version, text },
    });
    for (let done = ROUND; done <= count && !isOver(share); done += ROUND) {
      const hand = typist(chance, donors);
      const back: (readonly TextEdit[])[] = [];
      for (let step = 0; step < ROUND / 2; step++) {
        const batch = hand.next(text);
        back.push(inverse(text, batch));
        await make(batch);
      }
      while (back.length > 0) await make(back.pop()!);
      await sample(done);
    }
    await connection.sendNotification("textDocument/didClose", { textDocument: { uri } });
  };

  let cold: Memory | undefined;
  await editing("file:///nippy-soak/warm-up.py", Math.max(warmUp, FIRST_SAMPLE), 0.25, async (done) => {
    if (done === FIRST_SAMPLE) cold = await memory();
  });
  const samples: (Memory & { edits: number })[] = [];
  await editing("file:///nippy-soak/long.py", edits, 1, async (done) => {
    if (done === FIRST_SAMPLE || done % DISTANCE === 0 || done === edits)
      samples.push({ edits: done, ...(await memory()) });
  });
  await stop();
  return { lines: original.split("\n").length, cold: cold ?? samples[0]!, samples };
}
