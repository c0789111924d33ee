/** The door of the comparison of runs: snapshots in, one drawing a frame. */
import { config } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode/codicons/dist/codicon.css';
import type { ToHost, ToView } from '../../src/protocol/compare-messages.ts';
import { connect, oncePerFrame } from '../host.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { writeNumbersIn } from '../words/figures.ts';
import { settingsFrom, type Actions, type Settings, type Snapshot } from './store.ts';
import './style/index.css';
import { page } from './view/page.ts';

interface SavedState {
  folders: readonly string[];
  settings: Settings;
}

const host = connect<ToHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const redraw = oncePerFrame(draw);
let snapshot: Snapshot | null = null;
let settings = settingsFrom((host.saved() as Partial<SavedState> | undefined)?.settings);

const actions: Actions = {
  set(change) {
    settings = { ...settings, ...change };
    save();
    redraw();
  },
  open: (folder) => host.post({ type: 'open', folder }),
  copy: (text) => host.post({ type: 'copy', text }),
};

window.addEventListener('message', ({ data }: MessageEvent<ToView>) => {
  config({ contents: data.texts });
  snapshot = data;
  save();
  redraw();
});
onThemeChange(() => readTheme(root));
readTheme(root);
writeNumbersIn(document.documentElement.lang);
host.post({ type: 'ready' });

function draw(): void {
  if (snapshot !== null) render(page(snapshot, settings, actions), root);
}

function save(): void {
  if (snapshot !== null) host.save({ folders: snapshot.folders, settings });
}
