/** Lets through the messages that are right at this time and have parameters of use; all others are refused before any feature sees them. */

import {
  ErrorCodes,
  Message,
  ResponseError,
  type Connection,
  type MessageStrategy,
  type NotificationMessage,
  type RequestMessage,
} from "vscode-languageserver";
import { areUsable } from "./shapes.js";

interface Refusal {
  readonly code: number;
  readonly message: string;
}

/** Stands in for a message that is refused: who handles messages cannot answer them. No client may send it. */
const REFUSED = "nippy/refused";

/** One for each connection: before `initialize` and after `shutdown` nothing is served. */
export function gate(): MessageStrategy {
  let state: "new" | "starting" | "serving" | "over" = "new";

  const refusalOf = ({ method, params }: RequestMessage): Refusal | undefined => {
    if (method === REFUSED) return { code: ErrorCodes.MethodNotFound, message: `Unhandled method ${method}` };
    if (state === "over") return { code: ErrorCodes.InvalidRequest, message: "The server was shut down." };
    if (method === "initialize" && state !== "new")
      return { code: ErrorCodes.InvalidRequest, message: "The server was initialized before." };
    if (method !== "initialize" && state !== "serving")
      return { code: ErrorCodes.ServerNotInitialized, message: "The server was not initialized yet." };
    return areUsable(method, params) ? undefined : unusable(method);
  };
  /** Null: nobody is told. */
  const refusalOfNotice = ({ method, params }: NotificationMessage): Refusal | null | undefined => {
    if (method === "exit") return undefined;
    if (method === REFUSED || state === "over" || (state === "new" && !method.startsWith("$/"))) return null;
    return areUsable(method, params) ? undefined : unusable(method);
  };

  return {
    handleMessage(message, next) {
      if (Message.isRequest(message)) {
        const refusal = refusalOf(message);
        if (refusal) return next({ ...message, method: REFUSED, params: refusal } as Message);
        if (message.method === "shutdown") state = "over";
        if (message.method === "initialize") {
          state = "starting";
          return Promise.resolve(next(message)).finally(() => (state = "serving"));
        }
      } else if (Message.isNotification(message)) {
        const refusal = refusalOfNotice(message);
        if (refusal === null) return undefined;
        if (refusal) return next({ ...message, method: REFUSED, params: refusal } as Message);
      }
      return next(message);
    },
  };
}

function unusable(method: string): Refusal {
  return { code: ErrorCodes.InvalidParams, message: `The parameters of ${method} cannot be used.` };
}

/** Answers what the gate refuses. A notification has no answer: of each kind one line goes to the log. */
export function answerRefused(connection: Connection): void {
  connection.onRequest(REFUSED, ({ code, message }: Refusal) => new ResponseError(code, message));
  const told = new Set<string>();
  connection.onNotification(REFUSED, ({ message }: Refusal) => {
    if (told.has(message)) return;
    told.add(message);
    connection.console.warn(message);
  });
}
