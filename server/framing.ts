/** Watches how messages are framed on a stream. The library reads on in silence when a header is broken and never finds a message again; here that is an end. */

/** All headers of a message together; Content-Length and Content-Type take a hundred bytes. */
const LONGEST_HEADERS = 8192;
/** No editor sends such messages, and a longer one could not become a string. */
const LARGEST_MESSAGE = 256 * 1024 * 1024;

const LINE_FEED = 10;

/**
 * Takes the stream's chunks one after the other, and gives a sentence for the log where no message can follow any more.
 * @param comes told how many bytes each message has, before it is there
 */
export function framing(comes: (length: number) => void = () => {}): (chunk: Uint8Array) => string | undefined {
  let headers = "";
  /** Bytes of the present message that are still to come. */
  let body = 0;

  return (chunk) => {
    for (let at = 0; at < chunk.length; ) {
      if (body > 0) {
        const taken = Math.min(body, chunk.length - at);
        body -= taken;
        at += taken;
        continue;
      }
      const lineFeed = chunk.indexOf(LINE_FEED, at);
      const end = lineFeed < 0 ? chunk.length : lineFeed + 1;
      headers += String.fromCharCode(...chunk.subarray(at, Math.min(end, at + LONGEST_HEADERS)));
      at = end;
      if (headers.length >= LONGEST_HEADERS)
        return `The headers of a message are longer than ${LONGEST_HEADERS} bytes.`;
      if (!headers.endsWith("\r\n\r\n")) continue;
      const length = lengthIn(headers);
      headers = "";
      if (length === undefined) return "A message has no Content-Length that is a number.";
      if (length > LARGEST_MESSAGE) return `A message is longer than ${LARGEST_MESSAGE} bytes.`;
      comes(length);
      body = length;
    }
    return undefined;
  };
}

function lengthIn(headers: string): number | undefined {
  const lines = headers.slice(0, -4).split("\r\n");
  if (!lines.every((it) => it.includes(":"))) return undefined;
  const lengths = lines.flatMap((it) => /^content-length:[ \t]*(\d{1,15})[ \t]*$/i.exec(it)?.[1] ?? []);
  return lengths.length === 1 ? Number(lengths[0]) : undefined;
}
