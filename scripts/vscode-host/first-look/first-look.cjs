/** Opens Nippy's walkthrough beside the file that is open, once in a window. */
const { commands } = require("vscode");

exports.activate = async ({ workspaceState }) => {
  if (workspaceState.get("shown")) return;
  await workspaceState.update("shown", true);
  await commands.executeCommand("workbench.action.newGroupRight");
  await commands.executeCommand("nippy.showWalkthrough");
};
