/** SwiftShader, the software GPU driver that Chromium and Chrome bring, for tests on machines without a GPU. */
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { chromiumPath } from '../host/chromium.ts';

const MANIFEST = 'vk_swiftshader_icd.json';
const FOLDERS = ['/usr/lib/chromium', '/usr/lib/chromium-browser', '/usr/lib64/chromium-browser', '/opt/google/chrome'];

/**
 * What a process needs in its environment so that Dawn finds a software adapter: on Linux the driver and the Vulkan
 * loader beside it; Windows and macOS bring their own. Null where there is none.
 */
export function softwareGpuEnvironment(): Record<string, string> | null {
  if (process.platform !== 'linux') return {};
  const chromium = chromiumPath();
  const folder = [...(chromium === null ? [] : [dirname(chromium)]), ...FOLDERS].find((candidate) => existsSync(join(candidate, MANIFEST)));
  return folder === undefined ? null : { VK_ICD_FILENAMES: join(folder, MANIFEST), LD_LIBRARY_PATH: folder };
}
