import assert from 'node:assert/strict';
import { test } from 'node:test';
import { escapeMarkdown } from '../../src/extension/markdown.ts';
import { duration, percent, points, relativeTime } from '../../src/extension/tree/format.ts';

const now = Date.parse('2026-01-02T00:00:00Z');
const ago = (ms: number, language = 'en'): string => relativeTime(new Date(now - ms).toISOString(), now, language);

test('relative times in the largest unit', () => {
  assert.equal(ago(0), 'now');
  assert.equal(ago(59_000), '59 sec. ago');
  assert.equal(ago(150_000), '2 min. ago');
  assert.equal(ago(3 * 3_600_000), '3 hr. ago');
  assert.equal(ago(86_400_000), 'yesterday');
  assert.equal(ago(40 * 86_400_000), 'last mo.');
  assert.equal(ago(800 * 86_400_000), '2 yr. ago');
  assert.equal(ago(150_000, 'zh-cn'), '2分钟前');
});

test('a clock that is behind does not lead into the future', () => {
  assert.equal(ago(-5000), 'now');
});

test('durations in two units', () => {
  assert.equal(duration(0, 'en'), '0 sec');
  assert.equal(duration(45_400, 'en'), '45 sec');
  assert.equal(duration(80_000, 'en'), '1 min 20 sec');
  assert.equal(duration(3_600_000, 'en'), '1 hr');
  assert.equal(duration(2 * 86_400_000 + 3_600_000, 'en'), '2 days 1 hr');
});

test('percentages as the language writes them', () => {
  assert.equal(percent(0.8412, 'en', 1), '84.1%');
  assert.equal(percent(0.8412, 'de', 1), '84,1\u00a0%');
});

test('differences in points have a sign', () => {
  assert.equal(points(0.005, 'en'), '+0.5');
  assert.equal(points(-0.0125, 'en'), '−1.25');
  assert.equal(points(0, 'en'), '0');
});

test('text from files cannot become Markdown', () => {
  assert.equal(escapeMarkdown('a|b [x](command:y) $(zap) <b> **'), 'a\\|b \\[x\\]\\(command:y\\) \\$\\(zap\\) \\<b\\> \\*\\*');
  assert.equal(escapeMarkdown('two\n lines'), 'two lines');
});
