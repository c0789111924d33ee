/** Pictures of the plan editor: `node test/webview/harness/plan-scenes.ts <folder> [name part]`. */
import type { PlanToView } from '../../../src/protocol/plan-editor-messages.ts';
import { ESTIMATE, PlanHost, SAMPLE } from './plan-host.ts';
import { takeScenes, type Scene } from './scenes.ts';

function scene(name: string, change: (host: PlanHost) => void = () => undefined, text = SAMPLE): Scene<PlanToView> {
  const host = new PlanHost(text);
  host.estimate = ESTIMATE;
  change(host);
  return { name, messages: [host.snapshot()] };
}

await takeScenes<PlanToView>('plan', [
  scene('star', undefined, SAMPLE.replace('"epochRatio": 1', '"epochRatio": 0.5').replace('"lrRatio": 1', '"lrRatio": 0.5')),
  scene('chain', undefined, SAMPLE.replace('"starsse"', '"sse"')),
  scene('faults', (host) => {
    host.trusted = false;
    host.issues = [
      { path: ['training', 'batchSize'], severity: 'error', message: '1000 training images in batches of 333 leave a batch of one image, from which batch norm of resnet-8 learns nothing' },
      { path: ['model', 'checkpoint'], severity: 'warning', message: '/data/rotation.safetensors does not exist' },
      { path: [], severity: 'warning', message: 'The run of 5 members takes up to 900 MB of the 1000 MB that are free' },
    ];
  }, SAMPLE.replace('"starsse"', '"fge"').replace('"epochRatio": 1', '"epochRatio": 0.25')),
  scene('broken', undefined, SAMPLE.replace('"seed": 1', '"seed": ')),
  scene('one', undefined, SAMPLE.replace('"members": 5', '"members": 1')),
  scene('sixteen', undefined, SAMPLE.replace('"members": 5', '"members": 16').replace('"starsse"', '"sse"')),
  scene('invalid', (host) => {
    host.issues = [{ path: ['method', 'members'], severity: 'error', message: 'Expected >=1 but received 0' }, { path: ['training', 'epochs'], severity: 'error', message: 'Expected number but received "20"' }];
  }, SAMPLE.replace('"members": 5', '"members": 0').replace('"epochs": 20', '"epochs": "20"')),
  scene('many', undefined, SAMPLE.replace('"members": 5', '"members": 30')),
]);
