/** The task `average`: files of any program mixed into one, by the rules that need no data. */
import { access } from 'node:fs/promises';
import path from 'node:path';
import * as v from 'valibot';
import { dare } from '../../../core/soups/dare.ts';
import { modelStock } from '../../../core/soups/model-stock.ts';
import type { SoupRule } from '../../../core/soups/rule.ts';
import { slerp } from '../../../core/soups/slerp.ts';
import { ties } from '../../../core/soups/ties.ts';
import { uniform } from '../../../core/soups/uniform.ts';
import { weighted } from '../../../core/soups/weighted.ts';
import { wiseFt } from '../../../core/soups/wise-ft.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import { parseJson } from '../../../protocol/parse.ts';
import { FILE_RULES, SoupSettingsSchema, type Averaged, type SoupSettings } from '../../../protocol/soup.ts';
import { readSafetensorsHeader } from '../../safetensors-file.ts';
import type { TaskContext } from '../combine.ts';
import { checkRecipe, DENSITY, DROP } from './recipe.ts';
import { checkSettings } from './soup-task.ts';
import { writeSoupFile } from './soup-file.ts';

const AverageRequest = v.strictObject({
  files: v.pipe(v.array(v.string()), v.minLength(1)),
  base: v.optional(v.string()),
  out: v.string(),
  rule: v.optional(v.picklist(FILE_RULES), 'uniform'),
  settings: v.optional(SoupSettingsSchema, {}),
});
type FileRule = (typeof FILE_RULES)[number];
const WITH_BASE: readonly FileRule[] = ['wise-ft', 'ties', 'dare', 'model-stock'];

/** @throws StarsseError usage, mismatch, file-missing, file-invalid, disk, cancelled; then the new file is not there */
export async function averageTask(request: string, { signal, onProgress }: TaskContext): Promise<Averaged> {
  const { files, base, out, rule, settings } = parseJson(AverageRequest, request, 'average', 'usage');
  checkSettings({ rule, settings });
  checkRecipe(rule, settings, files);
  const needsBase = WITH_BASE.includes(rule);
  if (needsBase !== (base !== undefined)) {
    throw new StarsseError('usage', needsBase ? `${rule} starts from the pre-trained network` : `${rule} takes no pre-trained network`, { hint: needsBase ? 'Name its file with --base.' : 'Leave --base out.' });
  }
  const file = path.resolve(out);
  if (await access(file).then(() => true, () => false)) throw new StarsseError('usage', `${file} is there already`, { hint: 'Name another file with --out.' });
  const metadata = { format: 'pt', rule, parents: files.map((each) => path.basename(each)).join(','), settings: JSON.stringify(settings) };
  await writeSoupFile(file, ruleOf(rule, files.length, settings), base === undefined ? files : [...files, base], metadata, { signal, onProgress: (fraction) => onProgress({ fraction, message: 'Averaging weights' }) });
  return { file, tensors: (await readSafetensorsHeader(file)).tensors.length };
}

function ruleOf(rule: FileRule, count: number, { weights, alpha = 0.5, at = 0.5, density = DENSITY, drop = DROP, scale = 1, seed = 0 }: SoupSettings): SoupRule {
  switch (rule) {
    case 'uniform':
      return uniform(count);
    case 'weighted':
      return weighted(weights!);
    case 'wise-ft':
      return wiseFt(count, alpha);
    case 'slerp':
      return slerp(at);
    case 'ties':
      return ties(count, { density, scale });
    case 'dare':
      return dare(count, { drop, scale, seed });
    case 'model-stock':
      return modelStock(count);
  }
}
