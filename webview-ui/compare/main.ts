/** The door of the comparison of runs: snapshots in, one drawing a frame. */
import { config } from '@vscode/l10n';
import { render } from 'lit';
import '@vscode/codicons/dist/codicon.css';
import type { ToHost, ToView } from '../../src/protocol/compare-messages.ts';
import { connect, oncePerFrame } from '../host.ts';
import { onThemeChange, readTheme } from '../look/read-theme.ts';
import { writeNumbersIn } from '../words/figures.ts';
import { isDark } from '../look/theme.ts';
import { Plots } from './plots.ts';
import { indexIn, shownRuns } from './shown.ts';
import { settingsFrom, type Actions, type Settings, type Snapshot } from './store.ts';
import './style/index.css';
import { page } from './view/page.ts';
import { placePinned } from './view/runs-table.ts';

interface SavedState {
  folders: readonly string[];
  settings: Settings;
}

const host = connect<ToHost, SavedState>();
const root = document.querySelector<HTMLElement>('#app')!;
const redraw = oncePerFrame(draw);
let theme = readTheme(root);
/** Made with the first snapshot, when the language of their labels is known. */
let plots: Plots | null = null;
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
onThemeChange(() => {
  theme = readTheme(root);
  redraw();
});
writeNumbersIn(document.documentElement.lang);
host.post({ type: 'ready' });

function draw(): void {
  if (snapshot === null) return;
  const shown = snapshot;
  plots ??= new Plots(theme, (zoom) => actions.set({ zoom }));
  render(page(shown, plots, isDark(theme), settings, actions), root);
  placePinned(root);
  plots.draw(shownRuns(shown, settings), (run) => indexIn(shown, run), settings, theme);
}

function save(): void {
  if (snapshot !== null) host.save({ folders: snapshot.folders, settings });
}
