/** workspace/executeCommand: what is done with the whole workspace. */

import type { WorkDoneProgressReporter } from "vscode-languageserver";
import { ANALYSE_WORKSPACE, type Analysed } from "../protocol.js";
import type { Session } from "../session.js";

export function commands(session: Session): void {
  session.connection.onExecuteCommand(async ({ command }, token, progress): Promise<Analysed | undefined> => {
    if (command === ANALYSE_WORKSPACE) return analyse(session, progress, () => token.isCancellationRequested);
    return undefined;
  });
}

async function analyse(
  { survey }: Session,
  progress: WorkDoneProgressReporter,
  isCancelled: () => boolean,
): Promise<Analysed> {
  progress.begin("Analysing the workspace", 0, "", true);
  let shown = 0;
  try {
    return await survey.analyse({
      isCancelled,
      step(done, total) {
        const percent = Math.floor((100 * done) / total);
        if (percent === shown) return;
        shown = percent;
        progress.report(percent, `${done} of ${total} files`);
      },
    });
  } finally {
    progress.done();
  }
}
