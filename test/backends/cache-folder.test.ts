import assert from 'node:assert/strict';
import { join, resolve } from 'node:path';
import { test } from 'node:test';
import { cacheFolder } from '../../src/backends/cache-folder.ts';

const home = resolve('/home/ada');

test('each platform has its own cache folder, and STARSSE_CACHE overrides it', () => {
  assert.equal(cacheFolder({}, 'linux', home), join(home, '.cache', 'starsse'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: resolve('/var/tmp/x') }, 'linux', home), join(resolve('/var/tmp/x'), 'starsse'));
  assert.equal(cacheFolder({ XDG_CACHE_HOME: 'relative' }, 'linux', home), join(home, '.cache', 'starsse'));
  assert.equal(cacheFolder({}, 'darwin', home), join(home, 'Library', 'Caches', 'starsse'));
  assert.equal(cacheFolder({ LOCALAPPDATA: 'L' }, 'win32', home), join('L', 'starsse'));
  assert.equal(cacheFolder({}, 'win32', home), join(home, 'AppData', 'Local', 'starsse'));
  assert.equal(cacheFolder({ STARSSE_CACHE: '/c', XDG_CACHE_HOME: '/x' }, 'linux', home), resolve('/c'));
});
