/** The content policy of every panel holds in a real browser: what is planted into its page is stopped, and is seen by the check after each panel test. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Browser } from 'playwright-core';
import { launchChromium } from '../host/chromium.ts';
import { openPanel } from './harness/page.ts';

/** Each plants one fault, and sets `window.done` should it have its way. */
const FAULTS: Record<string, { directive: string; plant: string }> = {
  'a script without the nonce': { directive: 'script-src-elem', plant: `document.head.append(Object.assign(document.createElement('script'), { textContent: 'window.done = true' }))` },
  'a handler in markup': { directive: 'script-src-attr', plant: `document.body.insertAdjacentHTML('beforeend', '<button id="planted" onclick="window.done = true"></button>'); document.getElementById('planted').click()` },
  'a text that is run': { directive: 'script-src', plant: `setTimeout('window.done = true')` },
  'a style in markup': { directive: 'style-src-attr', plant: `document.body.insertAdjacentHTML('beforeend', '<p id="styled" style="width: 7px"></p>'); if (document.getElementById('styled').offsetWidth === 7) window.done = true` },
  'a style sheet in the page': { directive: 'style-src-elem', plant: `document.head.append(Object.assign(document.createElement('style'), { textContent: 'body { color: red }' }))` },
  'an image of somebody else': { directive: 'img-src', plant: `Object.assign(new Image(), { onload: () => (window.done = true), src: 'https://example.invalid/a.png' })` },
  'a question to a server': { directive: 'connect-src', plant: `fetch('https://example.invalid/').then(() => (window.done = true), () => undefined)` },
  'a page in the page': { directive: 'frame-src', plant: `document.body.append(Object.assign(document.createElement('iframe'), { src: 'https://example.invalid/' }))` },
};

let browser: Browser;
before(async () => {
  browser = await launchChromium();
});
after(() => browser?.close());

for (const name of ['dashboard', 'plan', 'compose', 'checkpoint', 'compare'] as const) {
  test(`${name}: planted faults are stopped and seen, each by its directive`, async () => {
    const view = await openPanel(browser, name);
    assert.deepEqual(await view.violations(), []);
    for (const { plant } of Object.values(FAULTS)) await view.page.evaluate(`(() => { ${plant}; })()`);
    await view.page.waitForFunction(`window.violations.length >= ${Object.keys(FAULTS).length}`);
    const directives = (await view.violations()).map((violation) => violation.split(' ')[0]);
    for (const [what, { directive }] of Object.entries(FAULTS)) assert.ok(directives.includes(directive), `${what} is not among ${directives.join(', ')}`);
    assert.equal(await view.page.evaluate('window.done'), undefined);
    await view.page.close();
  });
}
