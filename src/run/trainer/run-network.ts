/** model.json of a run. */
import { StarsseError } from '../../protocol/errors.ts';
import { ModelFileSchema, type ModelFile } from '../../protocol/network.ts';
import { readJsonInside, runFiles } from '../folder.ts';

/** @throws StarsseError file-missing, file-invalid */
export async function readModel(folder: string): Promise<ModelFile> {
  const file = runFiles.model(folder);
  const model = await readJsonInside(folder, file, ModelFileSchema);
  if (model === null) throw new StarsseError('file-missing', `${file} is missing`, { hint: 'The run folder is not whole. Start a new run.' });
  return model;
}
