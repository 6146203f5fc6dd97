/** What a test run inside VS Code tells the script outside, and how the script counts and prints it. */

/** Every line of the suite that is meant for the script starts with this; everything else is VS Code talking. */
export const marker = "nippy-test ";

export type TestEvent =
  | { readonly event: "passed"; readonly title: string; readonly milliseconds: number }
  | { readonly event: "failed"; readonly title: string; readonly message: string }
  | { readonly event: "skipped"; readonly title: string }
  /** How long the extension took to activate, before any test, and how long one that does nothing; the benchmark reads it. */
  | { readonly event: "activated"; readonly milliseconds: number; readonly nothing?: number | undefined }
  | { readonly event: "end" };

export interface Report {
  /** Reads one line of output: prints a test's result, keeps the rest in case the run as a whole fails. */
  read(line: string): void;
  /** Counts as a failure that the run as a whole went wrong, and shows the last that VS Code said. */
  failRun(message: string): void;
  skip(title: string, count: number): void;
  /** True once the suite has said that it has no more to say. */
  readonly ended: () => boolean;
  /** Prints the last line and returns the exit code. */
  summarize(skipsAreFailures: boolean): number;
}

const talkShown = 15;

export function createReport(print: (line: string) => void): Report {
  const count = { passed: 0, failed: 0, skipped: 0 };
  let ended = false;
  const talk: string[] = [];
  const fail = (title: string, message: string): void => {
    count.failed += 1;
    print(`  ✗ ${title}\n${indent(message)}`);
  };
  const take = (event: TestEvent): void => {
    if (event.event === "end") ended = true;
    else if (event.event === "activated")
      print(
        `  activation: ${event.milliseconds.toFixed(1)} ms${event.nothing === undefined ? "" : `, of an extension that does nothing: ${event.nothing.toFixed(1)} ms`}`,
      );
    else if (event.event === "failed") fail(event.title, event.message);
    else if (event.event === "skipped") {
      count.skipped += 1;
      print(`  - ${event.title} (skipped)`);
    } else {
      count.passed += 1;
      print(`  ✓ ${event.title} (${event.milliseconds} ms)`);
    }
  };
  return {
    read: (line) => {
      const start = line.indexOf(marker);
      if (start >= 0) take(JSON.parse(line.slice(start + marker.length)) as TestEvent);
      else talk.push(line.split("\n", 1)[0] ?? "");
    },
    failRun: (message) => fail("the run", [message, ...talk.slice(-talkShown)].join("\n  ")),
    skip: (title, skipped) => {
      count.skipped += skipped;
      print(`  - ${title}`);
    },
    ended: () => ended,
    summarize: (skipsAreFailures) => {
      print(`vscode: ${count.passed} passed, ${count.failed} failed, ${count.skipped} skipped`);
      return count.failed > 0 || (skipsAreFailures && count.skipped > 0) ? 1 : 0;
    },
  };
}

function indent(text: string): string {
  return text
    .split("\n")
    .map((line) => `      ${line}`)
    .join("\n");
}
