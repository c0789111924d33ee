/** The part of a model card that shows code. */
import type { ExportFormat } from '../../../protocol/export.ts';
import type { ModelFile } from '../../../protocol/network.ts';
import type { StoredEnsemble } from '../ensembles/stored.ts';
import type { CardSource } from './model-card.ts';

/** Networks whose weights have the names of a Python library. */
const BUILDERS: Partial<Record<string, string>> = { 'resnet-18': 'resnet18', 'resnet-50': 'resnet50' };

export function howToLoad({ format, name, model, ensemble }: Pick<CardSource, 'format' | 'name' | 'model' | 'ensemble'>): string[] {
  const { network, normalization } = model;
  if (ensemble !== null) return howToLoadEnsemble(model, ensemble, format);
  const [height, width, channels] = network.inputShape;
  const input = `${inputLine(normalization)} The network gives logits; \`softmax\` makes probabilities of them.`;
  if (format === 'card') return [input, `The weights stay in the run: \`snapshots/${name}.safetensors\`.`];
  if (format === 'safetensors') {
    const builder = BUILDERS[network.name];
    const build = builder === undefined ? [] : torchvision(builder, network.classes);
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

function inputLine({ mean, std }: ModelFile['normalization']): string {
  return `Images are scaled to 0..1, then \`(x - mean) / std\` a channel, with mean \`${JSON.stringify(mean)}\` and std \`${JSON.stringify(std)}\`.`;
}

function howToLoadEnsemble({ network, normalization }: ModelFile, { members, mean }: StoredEnsemble, format: ExportFormat): string[] {
  const input = inputLine(normalization);
  const [height, width, channels] = network.inputShape;
  if (format === 'card') return [input, `The weights stay in the run: ${members.map((member) => `\`${member.folder === null ? '' : `${member.run}/`}snapshots/${member.name}.safetensors\``).join(', ')}.`];
  const output = mean === 'logit' ? 'logits' : 'probabilities';
  if (format === 'tfjs') {
    return [`${input} One model holds all members: it takes the images once and gives the mean of their ${output}.`, block('js', [
      "import * as tf from '@tensorflow/tfjs-node';",
      "const model = await tf.loadLayersModel('file://model.json'); // in a browser: its URL",
      mean === 'logit' ? `const probabilities = tf.softmax(model.predict(images)); // images [n, ${height}, ${width}, ${channels}]` : `const probabilities = model.predict(images); // images [n, ${height}, ${width}, ${channels}]`,
    ])];
  }
  const builder = BUILDERS[network.name];
  const build = builder === undefined ? [`    model = build()  # a network with the names and shapes of ${network.name}`] : [`    model = torchvision.models.${builder}(num_classes=${network.classes})`];
  return [`${input} \`ensemble.json\` names the members and their weights.`, block('python', [
    'import json',
    ...(builder === undefined ? [] : ['import torchvision']),
    'from safetensors.torch import load_file',
    'members = []',
    'for member in json.load(open("ensemble.json"))["members"]:',
    ...build,
    '    model.load_state_dict(load_file(member["file"]), strict=False)  # without the counts of batches',
    '    members.append((member["weight"], model.eval()))',
    'def probabilities(images):  # [n, channels, height, width]',
    mean === 'logit' ? '    return sum(weight * model(images) for weight, model in members).softmax(1)' : '    return sum(weight * model(images).softmax(1) for weight, model in members)',
  ])];
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
