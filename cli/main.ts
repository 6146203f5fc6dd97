/** The command line's entry: reads the request, loads only what its command needs, and ends with 0, 1 or 2. */

import { readArguments, type Request } from "./arguments.js";
import { loadEngine } from "./load-engine.js";

// `nippy check | head` closes the pipe early: there is then nobody left to write for.
process.stdout.on("error", (error: NodeJS.ErrnoException) =>
  process.exit(error.code === "EPIPE" ? process.exitCode : 2),
);
void main(process.argv.slice(2)).then((code) => (process.exitCode = code));

async function main(words: readonly string[]): Promise<number> {
  try {
    return await run(readArguments(words));
  } catch (error) {
    (await import("./tell.js")).tellEnd(error);
    return 2;
  }
}

async function run(request: Request): Promise<number> {
  switch (request.command) {
    case "check":
      if (request.watch) return (await import("./commands/watch.js")).watch(request);
      return (await import("./commands/check.js")).check(request);
    case "baseline":
      return (await import("./commands/baseline.js")).baseline(request);
    case "lsp":
      return (await import("./commands/lsp.js")).serve();
    default:
      process.stdout.write(await answer(request));
      return 0;
  }
}

/** The commands that only print a text. */
async function answer(request: Exclude<Request, { command: "check" | "baseline" | "lsp" }>): Promise<string> {
  switch (request.command) {
    case "help":
      return (await import("./help.js")).help(request.topic);
    case "init":
      return (await import("./commands/init.js")).init(request);
    case "config":
    case "settings":
      return (await import("./commands/settings.js")).settingsOf(request);
    case "version":
      return `nippy ${(await import("./version.js")).version()}\n`;
    case "rules": {
      const { rulesJson, rulesTable } = await loadEngine();
      return request.format === "json" ? rulesJson() : rulesTable(await colorFor(request.color));
    }
    case "explain": {
      const { explanation } = await loadEngine();
      return page(await explanation(request.name), request);
    }
    case "search": {
      const { searchHits, hitsJson, hitsText } = await loadEngine();
      const hits = await searchHits(request.query);
      return request.format === "json" ? hitsJson(hits) : hitsText(hits, await colorFor(request.color));
    }
    case "guide": {
      const { guideList, guideSection, unknownSection } = await loadEngine();
      if (request.anchor === undefined) return guideList();
      const section = guideSection(request.anchor);
      if (section === undefined) throw unknownSection(request.anchor);
      return page(section, request);
    }
  }
}

async function page(markdown: string, { color }: Extract<Request, { command: "explain" | "guide" }>): Promise<string> {
  const { forTerminal } = await import("./markdown.js");
  return forTerminal(markdown, await colorFor(color));
}

async function colorFor(mode: Extract<Request, { command: "rules" }>["color"]): Promise<boolean> {
  const { wantsColor } = await import("./terminal.js");
  return wantsColor(mode, process.stdout.isTTY === true);
}
