import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { sources } from './sources.ts';
import { bundleFaults, descriptions, manifestKeys, textKeys, type Bundle } from './texts.ts';

const root = path.resolve(import.meta.dirname, '../..');
const json = (file: string): Bundle => JSON.parse(readFileSync(path.join(root, file), 'utf8')) as Bundle;
/** The plan editor shows what the schema says of each field, translated. */
const used = [...[...sources('src/extension', 'webview-ui')].flatMap(([file, source]) => textKeys(file, source)), ...descriptions(json('media/plan.schema.json'))];

for (const file of ['l10n/bundle.l10n.json', 'l10n/bundle.l10n.zh-cn.json']) {
  test(`${file} has every text of the sources, and no other`, () => {
    assert.ok(used.length > 100, `only ${used.length} texts found`);
    assert.deepEqual(bundleFaults(file, used, json(file), json('l10n/bundle.l10n.json')), []);
  });
}

for (const file of ['package.nls.json', 'package.nls.zh-cn.json']) {
  test(`${file} has every text of package.json, and no other`, () => {
    const keys = manifestKeys(json('package.json'));
    assert.ok(keys.length > 30, `only ${keys.length} texts found`);
    assert.deepEqual(bundleFaults(file, keys, json(file), json('package.nls.json')), []);
  });
}

test('the English bundle says what the sources say', () => {
  for (const [key, text] of Object.entries(json('l10n/bundle.l10n.json'))) assert.equal(text, key);
});

test('a planted fault is found', () => {
  const keys = textKeys('a.ts', "vscode.l10n.t('One {0}', 1); t(`Two`); start('Three'); x.t('Four'); l10n.t('Five')");
  assert.deepEqual(keys, ['One {0}', 'Two', 'Five']);
  const english = { 'One {0}': 'One {0}', Two: 'Two', Five: 'Five' };
  assert.deepEqual(bundleFaults('b', keys, english, english), []);
  assert.deepEqual(bundleFaults('b', keys, { 'One {0}': '一', Two: ' ', Six: '六' }, english), [
    'b: "Five" is missing',
    'b: "One {0}" has other placeholders or commands',
    'b: "Two" is empty',
    'b: nobody uses "Six"',
  ]);
  assert.throws(() => textKeys('a.ts', 'l10n.t(name)'), /a\.ts:1: the key of a text is not a literal/);
  assert.deepEqual(manifestKeys({ a: '%x.y%', b: [{ c: '100 %' }] }), ['x.y']);
});
