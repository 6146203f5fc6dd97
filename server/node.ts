/** The server's program: `node dist/server.mjs --stdio`. Who starts it from other code uses `start-node.ts`. */

import { startOnNode } from "./start-node.js";
import { tune } from "./tune.js";

tune();
startOnNode(new URL(".", import.meta.url));
