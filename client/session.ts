/** The life of the server: started when first needed, restarted at most once more than is under way, stopped with the window. */

import type { CancellationToken, DocumentFilter, LogOutputChannel, Progress } from "vscode";
import type { BaseLanguageClient } from "vscode-languageclient";
import type { HeldLine } from "./held-line.js";
import type { StatusItem } from "./status.js";

/** What a client is made with. */
export interface Wiring {
  readonly log: LogOutputChannel;
  readonly selector: readonly DocumentFilter[];
  readonly status: StatusItem;
  readonly held: HeldLine;
}

/** Loads the language client, the largest part of the extension, and makes one. */
export type CreateClient = (wiring: Wiring) => Promise<BaseLanguageClient>;

/** How far a command has come, and how to end it early. */
export interface Watch {
  readonly token: CancellationToken;
  readonly progress: Progress<{ readonly message?: string; readonly increment?: number }>;
}

export interface Session {
  /** Starts the server unless it runs. What goes wrong is logged and shown in the status item. */
  start(): Promise<void>;
  /** The same, because a file was opened: not after the user has stopped the server. */
  wake(): Promise<void>;
  restart(): Promise<void>;
  /** Stops the server until the user asks for something that needs it. */
  halt(): Promise<void>;
  stop(): Promise<void>;
  /** Sends a request, to a server started for it if need be. */
  ask<Answer>(method: string, params?: object): Promise<Answer>;
  /** Runs a command of the server. */
  run<Answer>(command: string, argument?: object, watch?: Watch): Promise<Answer>;
}

export function createSession(wiring: Wiring, createClient: CreateClient): Session {
  const { log, status } = wiring;
  let client: Promise<BaseLanguageClient> | undefined;
  let turning: Promise<void> | undefined;
  let waiting: Promise<void> | undefined;
  let watched = 0;
  let isHalted = false;

  const started = async (): Promise<BaseLanguageClient> => {
    isHalted = false;
    const made = await (client ??= createClient(wiring));
    await made.start();
    return made;
  };
  const start = async (): Promise<void> => {
    try {
      await started();
    } catch (error) {
      log.error("The server did not start.", error);
      status.serverIs("failed");
    }
  };
  const stop = async (): Promise<void> => {
    const made = await client;
    if (made?.needsStop()) await made.stop();
  };
  const turn = async (): Promise<void> => {
    log.info("Restarting the server.");
    try {
      await stop();
    } catch (error) {
      // A server that hangs or crashed cannot say goodbye; a new one is wanted all the more.
      log.warn("The server did not shut down cleanly.", error);
    }
    await start();
  };
  const restart = (): Promise<void> => {
    if (turning === undefined) return (turning = turn().finally(() => (turning = undefined)));
    return (waiting ??= turning.then(() => {
      waiting = undefined;
      return restart();
    }));
  };

  return {
    start,
    wake: async () => (isHalted ? undefined : start()),
    restart,
    async halt() {
      isHalted = true;
      log.info("Stopping the server.");
      await stop();
    },
    stop,
    async ask(method, params) {
      const running = await started();
      return params === undefined ? running.sendRequest(method) : running.sendRequest(method, params);
    },
    async run(command, argument, watch) {
      const running = await started();
      const params = { command, arguments: argument === undefined ? [] : [argument] };
      if (!watch) return running.sendRequest("workspace/executeCommand", params);
      const workDoneToken = `nippy.${++watched}`;
      const { WorkDoneProgress } = await import("vscode-languageclient");
      let reached = 0;
      const news = running.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
        if (value.kind !== "report") return;
        const { message = "", percentage = reached } = value;
        watch.progress.report({ message, increment: percentage - reached });
        reached = percentage;
      });
      try {
        return await running.sendRequest("workspace/executeCommand", { ...params, workDoneToken }, watch.token);
      } finally {
        news.dispose();
      }
    },
  };
}
