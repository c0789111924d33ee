import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { test } from 'node:test';
import { guidanceFaults, type Guidance } from './guidance.ts';

const json = <T>(file: string): T => JSON.parse(readFileSync(file, 'utf8')) as T;
const { contributes } = json<{ contributes: Guidance }>('package.json');
const languages = { en: json<Record<string, string>>('package.nls.json'), 'zh-cn': json<Record<string, string>>('package.nls.zh-cn.json') };

test('walkthrough, empty views, keys and settings lead to what there is, in every language', () => {
  assert.deepEqual(guidanceFaults(contributes, languages, existsSync), []);
  assert.deepEqual(contributes.walkthroughs[0].steps.map(({ id }) => id), ['backend', 'sample', 'run', 'soup', 'verdict']);
});

test('planted faults are caught', () => {
  const planted: Guidance = {
    commands: [{ command: 'starsse.stop' }],
    keybindings: [{ command: 'starsse.stop', when: 'focusedView == starsse.runs' }, { command: 'starsse.stop', when: 'editorFocus' }],
    walkthroughs: [{ steps: [{ id: 'one', description: '%step%', completionEvents: ['onCommand:starsse.go'], media: { svg: 'none.svg', altText: '%alt%' } }] }],
    viewsWelcome: [{ view: 'starsse.runs', contents: '%empty%' }],
    configuration: { properties: { 'starsse.a': { description: '%a%' }, 'starsse.b': {}, 'starsse.c': { description: '%c%', enum: ['x'] } } },
  };
  const texts = { en: { step: '[Stop](command:starsse.stop)', empty: '[Open](command:vscode.openFolder) [Go](command:starsse.go)' }, 'zh-cn': { step: '', empty: '[Open](command:vscode.openFolder) [Go](command:starsse.go)' } };
  assert.deepEqual(guidanceFaults(planted, texts, () => false), [
    'en: empty leads to starsse.go, which is no command',
    'zh-cn: empty leads to starsse.go, which is no command',
    'zh-cn: step has other links than in English',
    'the step one waits for starsse.go, which is no command',
    'the step one shows none.svg, which is missing',
    'the key of starsse.stop works everywhere',
    'starsse.b has no description',
    'starsse.c has values without descriptions',
  ]);
});
