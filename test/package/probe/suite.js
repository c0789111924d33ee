// Runs inside the editor, beside the installed extension: is it there, from the package, and does it activate?
const assert = require('node:assert/strict');
const vscode = require('vscode');

exports.run = async () => {
  const extension = vscode.extensions.getExtension('starsse.starsse');
  assert.ok(extension, 'starsse.starsse is not installed');
  assert.ok(extension.extensionPath.startsWith(process.env.STARSSE_PROBE_EXTENSIONS), `it runs from ${extension.extensionPath}`);
  await extension.activate();
  assert.ok(extension.isActive);
  const registered = await vscode.commands.getCommands(true);
  const missing = extension.packageJSON.contributes.commands.map(({ command }) => command).filter((command) => !registered.includes(command));
  assert.deepEqual(missing, []);
  console.log(`│ starsse.starsse ${extension.packageJSON.version} is active`);
};
