/** The server's program: `node dist/server.mjs --stdio`. Who starts it from other code uses `start-node.ts`. */

import { makeRoom } from "./tune.js";
import { startOnNode } from "./start-node.js";

startOnNode(new URL(".", import.meta.url), makeRoom);
