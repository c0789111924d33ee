/** Files that are refused with a command: the command is complete, and does what it says where Python can be had. */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { test, type TestContext } from 'node:test';
import { StarsseError } from '../../../src/protocol/errors.ts';
import { readCheckpoint } from '../../../src/run/trainer/checkpoint/read-checkpoint.ts';
import { pythonReference, runPython } from '../../reference/python.ts';
import { temporaryFolder } from '../temporary-folder.ts';

async function refusal(file: string): Promise<StarsseError> {
  const error = await readCheckpoint(file).then(() => null, (thrown: unknown) => thrown);
  assert.ok(error instanceof StarsseError && error.code === 'file-invalid', String(error));
  return error;
}

/** The line for a shell: what stands after the last ": ". */
function commandOf({ hint = '' }: StarsseError): string {
  const command = /python3 -c .*$/.exec(hint)?.[0];
  assert.ok(command !== undefined && !command.includes('\n'), hint);
  return command;
}

/** Runs the line as a user would, with the Python of the tests as python3. */
function runLine(t: TestContext, python: string, line: string): void {
  const bin = temporaryFolder(t);
  // The link must lead to the virtual environment's own name, by which Python finds its packages.
  writeFileSync(path.join(bin, 'python3'), `#!/bin/sh\nexec '${python}' "$@"\n`, { mode: 0o755 });
  execFileSync('sh', ['-c', line], { env: { ...process.env, PATH: `${bin}:${process.env.PATH}`, KERAS_BACKEND: 'torch', OMP_NUM_THREADS: '1' }, stdio: 'pipe' });
}

for (const ending of ['pt', 'pth', 'bin', 'PTH']) {
  test(`a .${ending} file is refused unread, with the command that converts it`, async () => {
    const error = await refusal(`/models/it's mine.${ending}`);
    assert.match(error.message, /^\/models\/it's mine\.\w+ is a PyTorch file, which is not read here: it can hold code that runs when it is opened$/);
    const line = commandOf(error);
    assert.match(line, /weights_only=True/);
    if (process.platform !== 'win32') assert.ok(line.endsWith(`'/models/it'\\''s mine.${ending}' '/models/it'\\''s mine.safetensors'`), line);
  });
}

test('an .h5 file is refused with the command that makes a .keras file of it', async () => {
  const error = await refusal('/models/old.h5');
  assert.match(error.message, /is a file of old Keras, which is not read here/);
  assert.match(commandOf(error), /load_model\(sys\.argv\[1\], compile=False\)\.save\(sys\.argv\[2\]\)" '\/models\/old\.h5' '\/models\/old\.keras'$/);
});

test('another kind of file is refused, and which are known is said', async () => {
  const error = await refusal('/models/model.onnx');
  assert.match(error.message, /model\.onnx is no kind of checkpoint that is known here/);
  assert.match(error.hint ?? '', /\.safetensors file, the model\.json of a TensorFlow\.js layers model, or a \.keras file/);
});

test('the commands work: a state dict inside a checkpoint of a training, and an old Keras model', async (t) => {
  const python = process.platform === 'win32' ? null : await pythonReference();
  const folder = path.join(temporaryFolder(t), "it's a folder");
  mkdirSync(folder);
  const [pth, h5] = [path.join(folder, 'a b.pth'), path.join(folder, 'old.h5')];
  const lines = [commandOf(await refusal(pth)), commandOf(await refusal(h5))];
  if (python === null) {
    // The shell at least takes each line as one command with three arguments.
    for (const line of lines) {
      const bin = temporaryFolder(t);
      writeFileSync(path.join(bin, 'python3'), '#!/bin/sh\necho $# "$3"\n', { mode: 0o755 });
      const said = execFileSync('sh', ['-c', line], { env: { ...process.env, PATH: `${bin}:${process.env.PATH}` }, encoding: 'utf8' });
      assert.match(said, /^4 .*it's a folder\//);
    }
    return;
  }
  await runPython(python, 'old_files.py', [pth, h5]);
  for (const line of lines) runLine(t, python, line);
  const { tensors } = await readCheckpoint(path.join(folder, 'a b.safetensors'));
  assert.deepEqual(tensors.map(({ name, shape }) => [name, shape]).sort(), [['fc.bias', [3]], ['fc.weight', [3, 4]], ['tied.weight', [3, 4]]]);
  const { network } = await readCheckpoint(path.join(folder, 'old.keras'));
  assert.deepEqual(network?.layers.map(({ kind }) => kind), ['flatten', 'dense']);
  assert.ok(existsSync(pth));
});
