/** Configurations of layers, from Keras' form (snake_case, initialisers, data types) to the one that TensorFlow.js' layers take. */
import { isRecord, type Config } from './config-values.ts';

/** What has no part in computing: weights come from a file, and the optimizer is ours. */
const LEFT_OUT = /_(regularizer|constraint)$|^(name|dtype|batch_input_shape|batch_shape|build_config|trainable|seed|sparse|ragged|quantization_config|module|registered_name|shared_object_id|synchronized|zero_output_for_mask)$/;

/** Where the file names no initialiser, an orthogonal matrix would be made, for nothing. */
const RECURRENT = /^(SimpleRNN|GRU|LSTM|ConvLSTM2D)(Cell)?$/;

/** The configuration without what has no part in computing; functions by name. Still in Keras' form. */
export function plainConfig(className: string, config: Config): Record<string, unknown> {
  const entries = Object.entries(config)
    .filter(([key, value]) => !LEFT_OUT.test(key) && value !== undefined)
    .map(([key, value]): [string, unknown] => [key, key.endsWith('_initializer') ? 'zeros' : plainValue(value)]);
  return { ...Object.fromEntries(entries), ...(RECURRENT.test(className) ? { recurrent_initializer: 'zeros' } : {}) };
}

function plainValue(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(plainValue);
  if (!isRecord(value)) return value;
  // Keras 3: {"class_name": "function", "config": "relu", ...}
  if (typeof value.config === 'string') return value.config;
  if (typeof value.class_name === 'string' && isRecord(value.config)) return { class_name: value.class_name, config: plainConfig(value.class_name, value.config) };
  return plainConfig('', value);
}

/** As TensorFlow.js converts a topology when it loads one: keys and texts in camelCase. */
export function camelCaseConfig(value: unknown): unknown {
  if (typeof value === 'string') return camelCase(value);
  if (Array.isArray(value)) return value.map(camelCaseConfig);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camelCase(key), key === 'name' ? item : camelCaseConfig(item)]));
}

function camelCase(text: string): string {
  return text.length <= 1 ? text : text.replaceAll(/_+(\w|$)/g, (_, letter: string) => letter.toUpperCase());
}
