/** The step as one call gives what the step op by op gives, on the large networks. */
import { before } from 'node:test';
import { startBackend } from '../../src/backends/choose.ts';
import { SGD, type Case } from './agreement.ts';
import { testAgreement } from './agreement-tests.ts';

/** A gradient of new deep networks carries more rounding than the weights that it moves. */
const SLOT = 5e-5;

before(async () => {
  await startBackend('tensorflow', { threads: 1 });
});

const CASES: Case[] = [
  // New weights and few numbers a channel make much of rounding: smaller steps.
  { network: 'resnet-18', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'mobilenet-v2', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'resnet-50', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
  { network: 'swin-tiny', side: 32, steps: 3, settings: { optimizer: SGD }, learningRate: 1e-4 },
];

for (const each of CASES) testAgreement(each, SLOT);
