import assert from 'node:assert/strict';
import { test } from 'node:test';
import { panelPage, messagePage } from '../../src/extension/pages/page.ts';

const page = panelPage({
  title: '<script>alert(1)</script> "x"',
  language: 'en',
  source: 'https://source.example',
  nonce: 'n0nce',
  script: 'https://source.example/dashboard.js',
  styles: ['https://source.example/dashboard.css'],
});

test('the policy allows the own files and nothing else', () => {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]*)"/.exec(page)?.[1];
  assert.equal(
    policy,
    "default-src 'none'; script-src 'nonce-n0nce'; style-src https://source.example; font-src https://source.example; img-src https://source.example",
  );
});

test('nothing is inline, and the one script has the nonce', () => {
  assert.deepEqual(page.match(/<script[^>]*>/g), ['<script nonce="n0nce" src="https://source.example/dashboard.js">']);
  assert.doesNotMatch(page, /<style|\sstyle=|\son\w+=/);
});

test('a name cannot become markup', () => {
  assert.ok(page.includes('<title>&lt;script&gt;alert(1)&lt;/script&gt; &quot;x&quot;</title>'));
});

test('a message has no script at all', () => {
  const message = messagePage({ title: 'Run', language: 'en' }, '/runs/<b>: torn', 'Copy it & try again');
  assert.ok(message.includes('/runs/&lt;b&gt;: torn') && message.includes('Copy it &amp; try again'));
  assert.ok(message.includes(`content="default-src 'none'"`));
  assert.doesNotMatch(message, /<script/);
});
