/** Files that other programs convert: PyTorch's are pickles, and reading one runs the code in it; of Keras' old form there is a new one. */
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

/** The refusal of an .h5 file of Keras 2, with the line that makes a .keras file of it. */
export function refuseOldKeras(file: string): StarsseError {
  const converted = path.join(path.dirname(file), `${path.basename(file, path.extname(file))}.keras`);
  const program = 'import sys, keras; keras.models.load_model(sys.argv[1], compile=False).save(sys.argv[2])';
  return new StarsseError('file-invalid', `${file} is a file of old Keras, which is not read here`, {
    hint: `Convert it with the Python that has keras, then name ${converted} in the plan: python3 -c "${program}" ${quoted(file)} ${quoted(converted)}`,
  });
}

/** As one word of a shell: in double quotes, which cmd.exe and PowerShell know as well. */
function quoted(word: string): string {
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", `'\\''`)}'`;
}
