/** What hovers say of waiting and of the network: sleeping, sockets, HTTP. */

import { callOf, defineConstructs, integerOf, type File, type Node } from "../../analysis/authoring.js";

const METHODS = ["get", "post", "put", "patch", "delete", "head", "options", "request"];

export default defineConstructs([
  {
    name: "time.sleep",
    guide: "concurrency-pitfalls",
    at: [{ name: "time.sleep" }],
    says: "Stops this thread for at least the time given; the GIL is free meanwhile, so other threads run on. On an event loop it stops every task. For polling, `Event.wait(timeout)` does the same and can be woken early.",
    here: (node, { facts }) =>
      facts.isAsync(node) ? "In a coroutine: the whole loop stands still. Write `await asyncio.sleep(…)`." : undefined,
    example: "import time\n\ntime.‸sleep(1)\n",
    unlike: ["import asyncio\n\nasync def main():\n    await asyncio.‸sleep(1)\n"],
  },
  {
    name: "socket.socket",
    guide: "networking",
    at: [{ name: "socket.socket" }, { attribute: ["recv", "send"], of: "socket.socket" }],
    says: 'TCP keeps no message borders: `recv(n)` gives what has come, between 1 and n bytes, and `b""` when the other side has closed, so read in a loop until the message is whole. `send` may take only a part, `sendall` takes all. There is no timeout before `settimeout`, and `with` closes the socket on every path.',
    here: receiveNote,
    example: "import socket\n\nwith socket.‸socket() as server:\n    server.settimeout(5)\n",
    unlike: ["class Socket:\n    def recv(self, n): ...\n\nSocket().‸recv(1024)\n", "import ‸socket\n"],
  },
  {
    name: "requests.get",
    guide: "networking",
    at: [{ name: METHODS.map((it) => `requests.${it}`) }, { attribute: METHODS, of: "requests.Session" }],
    says: "Waits for ever unless `timeout=` is given, and that bounds the connection and each pause between bytes, not the whole answer. A 404 or 500 raises nothing: call `raise_for_status()`. The functions of the module connect anew at each call; a `requests.Session` keeps the connection.",
    here: requestNote,
    example: "import requests\n\nanswer = requests.‸get('https://example.org', timeout=10)\n",
    unlike: ["def get(url): ...\n\n‸get('https://example.org')\n", "settings = {}\nsettings.‸get('url')\n"],
  },
]);

function receiveNote(node: Node): string | undefined {
  const size = node.text === "recv" ? integerOf(callOf(node)?.args[0]) : undefined;
  return size === undefined ? undefined : `Up to ${size} bytes, often fewer.`;
}

function requestNote(node: Node, { facts }: File): string | undefined {
  const call = callOf(node);
  if (!call) return undefined;
  const notes = [
    facts.isAsync(node) ? "In a coroutine it stops the whole loop." : "",
    call.hasSplat || call.keywords.has("timeout") ? "" : "No `timeout=` here.",
    facts.nameOf(call.callee) !== undefined && facts.loopAround(call.node)
      ? "In a loop without a session: one connection for each turn."
      : "",
  ].filter((it) => it !== "");
  return notes.length > 0 ? notes.slice(0, 2).join(" ") : undefined;
}
