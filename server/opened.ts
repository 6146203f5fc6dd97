/** What a request sees of an open document: the snapshot of one moment, and where the document's text lies in it. */

import type { Range, Snapshot } from "../analysis/analyzer.js";
import type { LiveText } from "./live-text.js";
import type { ResourceSettings } from "./settings.js";

/** A text inside a snapshot that can be pointed at. */
export interface Place extends Range {
  readonly uri: string;
  /** Turns offsets within it into lines and columns. */
  readonly lines: Pick<LiveText, "positionAt">;
}

/** A text of the client inside a snapshot: a whole file, or one cell of a notebook. */
export interface Part extends Place {
  /** null for a file that is not open. */
  readonly version: number | null;
  readonly lines: Pick<LiveText, "offsetAt" | "positionAt">;
}

export interface Opened {
  readonly state: "ready";
  readonly kind: "file" | "notebook";
  /** The file's or the notebook's. */
  readonly uri: string;
  /** The part that was asked for. */
  readonly part: Part;
  /** All parts in the order of their text; of a file there is one. */
  readonly parts: readonly Part[];
  readonly snapshot: Snapshot;
  /** Another one for each snapshot of the session. */
  readonly id: string;
  readonly settings: ResourceSettings;
  /** Where edits may be made, each inside one of these: a whole file, or the lines of a notebook's cells that are Python (not `%time`, `!ls`). */
  readonly areas: readonly Range[];
  /** Changed since it was opened or saved. */
  readonly isDirty: boolean;
}

/** Open, but not analysed. */
export interface Silent {
  readonly state: "off" | "tooLarge";
}
