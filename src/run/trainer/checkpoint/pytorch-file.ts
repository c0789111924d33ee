/** PyTorch's own files are pickles: reading one runs the code in it. They are converted by PyTorch, which can be told to read weights only. */
import path from 'node:path';
import { StarsseError } from '../../../protocol/errors.ts';

/** The refusal of a .pt, .pth or .bin file. Its hint is one line for a shell that writes the same weights as safetensors. */
export function refusePytorch(file: string): StarsseError {
  const converted = path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.safetensors`);
  return new StarsseError('file-invalid', `${file} is a PyTorch file, which is not read here: it can hold code that runs when it is opened`, {
    hint: `Convert it with the Python that has torch and safetensors, then name ${converted} in the plan: ${conversion(file, converted)}`,
  });
}

/** Takes a state dict, or one inside a dict under the usual names; tensors that share memory are copied, as safetensors wants. */
function conversion(file: string, converted: string): string {
  const program = [
    'import sys, torch, safetensors.torch as s',
    "d = torch.load(sys.argv[1], map_location='cpu', weights_only=True)",
    "d = next((d[k] for k in ('state_dict', 'model', 'model_state_dict') if isinstance(d.get(k), dict)), d)",
    's.save_file({k: v.detach().clone().contiguous() for k, v in d.items() if torch.is_tensor(v)}, sys.argv[2])',
  ].join('; ');
  return `python3 -c "${program}" ${quoted(file)} ${quoted(converted)}`;
}

/** As one word of a shell: in double quotes, which cmd.exe and PowerShell know as well. */
function quoted(word: string): string {
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
