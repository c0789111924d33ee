/** The part of a model card that shows code. */
import type { CardSource } from './model-card.ts';

/** Networks whose weights have the names of a Python library. */
const PYTHON: Record<string, (classes: number) => string[]> = {
  'resnet-18': (classes) => torchvision('resnet18', classes),
  'resnet-50': (classes) => torchvision('resnet50', classes),
};

export function howToLoad({ format, name, model }: Pick<CardSource, 'format' | 'name' | 'model'>): string[] {
  const { network, normalization } = model;
  const [height, width, channels] = network.inputShape;
  const input = `Images are scaled to 0..1, then \`(x - mean) / std\` a channel, with mean \`${JSON.stringify(normalization.mean)}\` and std \`${JSON.stringify(normalization.std)}\`. The network gives logits; \`softmax\` makes probabilities of them.`;
  if (format === 'card') return [input, `The weights stay in the run: \`snapshots/${name}.safetensors\`.`];
  if (format === 'safetensors') {
    const build = PYTHON[network.name]?.(network.classes) ?? [];
    return [
      input,
      'Names and layouts are PyTorch\'s (convolutions [out, in, height, width], dense layers [out, in]).',
      block('python', ['from safetensors.torch import load_file', `weights = load_file("${name}.safetensors")`, ...build]),
    ];
  }
  return [
    input,
    block('js', [
      "import * as tf from '@tensorflow/tfjs-node';",
      "const model = await tf.loadLayersModel('file://model.json'); // in a browser: its URL",
      `const probabilities = tf.softmax(model.predict(images)); // images [n, ${height}, ${width}, ${channels}]`,
    ]),
  ];
}

function torchvision(builder: string, classes: number): string[] {
  return [
    'import torchvision',
    `model = torchvision.models.${builder}(num_classes=${classes})`,
    'model.load_state_dict(weights, strict=False)  # without the counts of batches',
    'model.eval()',
  ];
}

function block(language: string, lines: string[]): string {
  return ['```' + language, ...lines, '```'].join('\n');
}
