import assert from 'node:assert/strict';
import path from 'node:path';
import { test } from 'node:test';
import { writeTinyPlan } from '../../fixtures/tiny-plan.ts';
import { starsse } from '../starsse.ts';
import { temporaryFolder } from '../temporary-folder.ts';

test('mistakes of a tune are told before anything is trained', async (t) => {
  const folder = temporaryFolder(t);
  const plan = writeTinyPlan(folder);
  const seeded = writeTinyPlan(folder, { memberSeeds: [1, 2, 3] }, { fileName: 'seeded.starsse.json' });
  const noData = writeTinyPlan(folder, { data: { kind: 'idx', train: { images: 'no', labels: 'no' }, test: { images: 'no', labels: 'no' }, split: { validation: 9 }, classes: ['a', 'b'] } }, { fileName: 'no-data.starsse.json' });
  const mistakes: [string[], RegExp][] = [
    [[path.join(folder, 'no.starsse.json')], /There is no plan .*no\.starsse\.json/],
    [[plan, '--methods', 'magic'], /Allowed choices are fine-tuning, starsse, sse, fge, fge-star, local-de, local-de-shared, global-de/],
    [[plan, '--preset', 'huge'], /Allowed choices are authors, quick/],
    [[plan, '--lr-ratios', 'fast'], /It has to be a number from 0/],
    [[plan, '--seeds', '0'], /whole number from 1/],
    [[plan, '--methods', 'global-de'], /global-de cannot be tuned: method\.kind is "starsse"/],
    [[plan, '--epoch-ratios', '0.1'], /fine-tuning cannot be tuned: floor\(0\.1 x 4 epochs\) is no epoch/],
    [[seeded], /memberSeeds is set/],
    [[noData], /no\b.* is missing|There is no/],
  ];
  for (const [args, message] of mistakes) {
    const { code, stderr, stdout } = await starsse(['tune', ...args, '--dry-run']);
    assert.equal(code, 2, `${args.join(' ')}: ${stderr}`);
    assert.match(stderr.split('\n')[0], message);
    assert.equal(stdout, '');
  }
});
