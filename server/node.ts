/** The server's program: `node dist/server.mjs --stdio`. Who starts it from other code uses `start-node.ts`. */

import { compileAtOnce, makeRoom } from "./tune.js";
import { startOnNode } from "./start-node.js";

compileAtOnce();
startOnNode(new URL(".", import.meta.url), makeRoom);
