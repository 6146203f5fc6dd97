/** What tells bytes from all others, and ours from those of others. */

import { createRequire } from "node:module";

type Crypto = typeof import("node:crypto");
let crypto: Crypto | undefined;

/** Node's cryptography is loaded when it is first needed: it takes its time, and by no `import`, as the bundle of a scan is no module. */
function loaded(): Crypto {
  return (crypto ??= createRequire(import.meta.url)("node:crypto") as Crypto);
}

export function digestOf(bytes: Uint8Array | string): string {
  return loaded().createHash("sha256").update(bytes).digest("hex");
}

/** Only who has the key can make it. */
export function signatureOf(text: string, key: Uint8Array): string {
  return loaded().createHmac("sha256", key).update(text).digest("hex");
}

export function isSignature(given: string, text: string, key: Uint8Array): boolean {
  const [own, other] = [Buffer.from(signatureOf(text, key)), Buffer.from(given)];
  return own.length === other.length && loaded().timingSafeEqual(own, other);
}

export function randomBytes(count: number): Uint8Array {
  return loaded().randomBytes(count);
}

export function randomHex(bytes: number): string {
  return loaded().randomBytes(bytes).toString("hex");
}
