/** The server's program: `node dist/server.mjs --stdio`. Who starts it from other code uses `start-node.ts`. */

import { startOnNode } from "./start-node.js";
import { compileLess } from "./tune.js";

compileLess();
startOnNode(new URL(".", import.meta.url));
