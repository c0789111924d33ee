/** Pictures of the loss landscape: `node test/webview/harness/landscape-scenes.ts <folder> [name part]`. */
import type { ToView } from '../../../src/protocol/messages.ts';
import { addWays, BASIN, measured, nothing, PLANES, pointsOf, RANDOM, SIMPLEX, withBarriers } from './landscape.ts';
import { takeScenes, type Scene } from './scenes.ts';
import { finished } from './screen.ts';

const run = finished();
addWays(run);
const part = '.landscape';
const growing = { ...PLANES[1], points: [] };
const plane = { id: 3, question: { kind: 'plane' as const, surface: { kind: 'plane' as const, networks: ['member-1', 'member-2', 'member-3'] as [string, string, string], size: 17 as const } }, fraction: 0.2, message: 'Level 2 of 3: point 58 of 289' };
const spread = withBarriers({ 'member-1 member-4': 0.028, 'member-1 member-5': 0.11, 'member-2 member-5': 0.13, 'member-3 member-5': 0.12, 'member-4 member-5': 0.16, 'member-2 member-4': 0.035, 'member-3 member-4': 0.03 });
const surface = (kind: string): object => ({ toggles: { landscape: { surface: kind } } });
const scenes: Scene<ToView>[] = [
  { name: 'empty', part, messages: [run.snapshot(), nothing()] },
  { name: 'restricted', part, messages: [run.snapshot(), nothing({ isTrusted: false, problems: [{ code: 'file-invalid', message: '/runs/a/analyses/basin.json: not valid JSON', hint: 'The file is torn or of another kind.' }] })] },
  { name: 'measuring', part, messages: [run.snapshot([{ id: 2, question: { kind: 'basin' }, fraction: 0.3, message: 'From member-1 to member-4: point 5 of 11' }]), nothing({ basin: { ...BASIN, lines: BASIN.lines.slice(0, 2), verdicts: BASIN.verdicts.slice(0, 2) } })] },
  { name: 'coarse', part: '.picture.plane', messages: [run.snapshot([plane]), nothing({ basin: BASIN, planes: [growing] }), pointsOf(PLANES[1], 0, 14)] },
  { name: 'filling', part: '.picture.plane', messages: [run.snapshot([plane]), nothing({ basin: BASIN, planes: [growing] }), pointsOf(PLANES[1], 0, 58)] },
  { name: 'paused', part: '.picture.plane', messages: [run.snapshot(), nothing({ basin: BASIN, planes: [growing] }), pointsOf(PLANES[1], 0, 140)] },
  { name: 'whole', part, messages: [run.snapshot(), measured()] },
  { name: 'spread', part, messages: [run.snapshot(), measured({ basin: spread, planes: [PLANES[1]].map((each) => ({ ...each, points: [] })) })] },
  { name: 'random', part: '.picture.plane', messages: [run.snapshot(), nothing({ basin: BASIN, planes: [{ ...RANDOM, points: [] }] }), pointsOf(RANDOM, 0, 289)], saved: surface('random') },
  { name: 'random-none', part: '.picture.plane', messages: [run.snapshot(), nothing({ basin: BASIN })], saved: surface('random') },
  { name: 'simplex', part: '.picture.plane', messages: [run.snapshot(), nothing({ basin: BASIN, planes: [{ ...SIMPLEX, points: [] }] }), pointsOf(SIMPLEX, 0, 45)], saved: surface('simplex') },
  { name: 'simplex-coarse', part: '.picture.plane', messages: [run.snapshot([{ ...plane, question: { kind: 'plane', surface: { kind: 'simplex', networks: ['member-1', 'member-2', 'member-3'], size: 8 } } }]), nothing({ basin: BASIN, planes: [{ ...SIMPLEX, points: [] }] }), pointsOf(SIMPLEX, 0, 9)], saved: surface('simplex') },
  { name: 'star', part: '.members', messages: [run.snapshot(), measured({ basin: spread })] },
];
await takeScenes('dashboard', scenes);
