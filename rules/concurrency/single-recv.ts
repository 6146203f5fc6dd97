/** One recv() of a stream socket that is taken for a whole message. */

import {
  asCall,
  asMethodCall,
  defineRule,
  excerpt,
  fileQuestion,
  integerOf,
  nameGiven,
  useOf,
  wrapped,
  type Facts,
  type Node,
} from "../../analysis/authoring.js";

export default defineRule({
  title: "One recv() taken for a whole message",
  why: "TCP is a stream without messages: recv(n) gives as much as has arrived, at most n bytes. A message that is longer, or arrives in pieces, is cut off, and short ones may come together. Read until a length, a separator or the end of the stream.",
  guide: "networking",
  level: "info",
  gain: "safety",
  imports: ["socket"],

  examples: [
    {
      before: `
import json
import socket

def ask(host, port, question):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(question)
        return json.loads(connection.recv(4096))
`,
      after: `
import json
import socket

def ask(host, port, question):
    with socket.create_connection((host, port)) as connection:
        connection.sendall(question)
        with connection.makefile("rb") as answer:
            return json.loads(answer.readline())
`,
    },
  ],

  on: ["call"],
  methods: ["recv"],

  find(node, { facts }, call) {
    const recv = asMethodCall(node, "recv");
    if (!recv || facts.isTest || call.args.length !== 1 || call.keywords.size > 0) return undefined;
    // One byte, or a handful, is asked for on purpose.
    const count = integerOf(call.args[0]);
    if (count !== undefined && count < 16) return undefined;
    const isStream = facts.isA(recv.object, "socket.socket") || isAccepted(recv.object, facts);
    if (!isStream || facts.ofFile(OTHER_KINDS)) return undefined;
    const user = wholeUse(node, facts);
    if (!user || joinsParts(node, facts)) return undefined;
    return { at: call.callee, evidence: "strong" as const, weight: "heavy" as const, user };
  },

  message: ({ at, user }) =>
    `\`${excerpt(at.text, 40)}\` gives what has arrived, which may be a part of a message or several: \`${excerpt(user.text, 40)}\` takes it for a whole one.`,
});

/** Datagrams come whole, and with this flag `recv` waits for all. */
const OTHER_KINDS = fileQuestion((facts) =>
  facts.fileMatches(/\bSOCK_(?:DGRAM|RAW|SEQPACKET)\b|\bMSG_WAITALL\b|\bMSG_PEEK\b/),
);

/** `connection, address = server.accept()` */
function isAccepted(object: Node, facts: Facts): boolean {
  if (object.kind !== "identifier") return false;
  const [site, more] = facts.writesOf(object);
  if (!site || more) return false;
  return /\.accept\(\)$/.test(site.owner.text) && facts.view.imports("socket");
}

const PARSES = new Set([
  "json.loads",
  "pickle.loads",
  "struct.unpack",
  "ast.literal_eval",
  "yaml.safe_load",
  "marshal.loads",
]);

/** What reads it as a message. */
function wholeUse(node: Node, facts: Facts): Node | undefined {
  const name = nameGiven(node);
  const reads = name ? facts.readsSeeing(name) : [node];
  for (const read of reads) {
    const use = useOf(wrapped(read));
    const callee = asCall(use.call)?.callee;
    if (!callee) continue;
    if (use.kind === "method" && use.name === "decode") return callee;
    if (use.kind === "argument" && PARSES.has(facts.nameOf(callee) ?? "")) return callee;
  }
  return undefined;
}

/** The loop puts parts together, or goes on until it has enough. */
function joinsParts(node: Node, facts: Facts): boolean {
  const loop = facts.loopAround(node);
  if (!loop) return false;
  const name = nameGiven(node);
  if (!name) return /\+=|\.append\(|\.extend\(|\.write\(/.test(loop.text);
  return facts.readsSeeing(name).some((it) => {
    const use = useOf(it);
    return (
      (it.parent?.kind === "augmented_assignment" && it.fieldName === "right") ||
      (use.kind === "argument" &&
        /\.(?:append|extend|write|feed\w*)\($/.test(`${asCall(use.call)?.callee.text ?? ""}(`)) ||
      use.kind === "operand"
    );
  });
}
