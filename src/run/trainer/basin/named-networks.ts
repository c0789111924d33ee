/** Networks of a run by name: members, soups, and `pretrained`, which is what member 1 started from. */
import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { hostWeights, type HostWeights } from '../../../core/basin/host-weights.ts';
import { initialWeights } from '../../../core/initialise.ts';
import { StarsseError } from '../../../protocol/errors.ts';
import type { NetworkSpec } from '../../../protocol/network.ts';
import type { Run } from '../../../protocol/run.ts';
import type { TensorData } from '../../../protocol/tensor.ts';
import { readState, runFiles } from '../../folder.ts';
import { viewSoups } from '../../view.ts';
import { startTensors } from '../checkpoints.ts';
import { readSnapshot } from '../snapshot.ts';

export const PRETRAINED = 'pretrained';
/** Networks in memory at a time: a plane has three. */
const KEPT = 3;

export class NamedNetworks {
  readonly folder: string;
  readonly run: Run;
  readonly network: NetworkSpec;
  /** Done members and soups, in their order. */
  readonly known: readonly string[];
  readonly #inMemory = new Map<string, HostWeights>();
  readonly #digests = new Map<string, string>();

  private constructor(folder: string, run: Run, network: NetworkSpec, known: string[]) {
    this.folder = folder;
    this.run = run;
    this.network = network;
    this.known = known;
  }

  static async of(folder: string, run: Run, network: NetworkSpec): Promise<NamedNetworks> {
    const states = await Promise.all(run.members.map(async ({ name }) => ({ name, status: (await readState(folder, name)).status })));
    const members = states.filter(({ status }) => status === 'done').map(({ name }) => name);
    const soups = (await viewSoups(folder)).map(({ name }) => name);
    return new NamedNetworks(folder, run, network, [...members, ...soups]);
  }

  /** Does the pre-trained network have the head of another task? */
  get pretrainedHead(): 'own' | 'other' {
    return this.run.members[0].headSeed === null ? 'own' : 'other';
  }

  /** @throws StarsseError usage, naming those that there are */
  check(names: readonly string[]): void {
    const unknown = names.filter((name) => name !== PRETRAINED && !this.known.includes(name));
    if (unknown.length === 0 && this.known.length > 0) return;
    throw new StarsseError('usage', unknown.length === 0 ? `The run ${this.run.id} has no network yet` : `not done in the run ${this.run.id}: ${unknown.join(', ')}`, {
      hint: this.known.length === 0 ? 'No member is done yet.' : `There are: ${[...this.known, PRETRAINED].join(', ')}.`,
    });
  }

  /** Tensors as in files. Of `pretrained` the head is the one with which member 1 started. @throws StarsseError file-missing, file-invalid, data-invalid */
  async tensors(name: string): Promise<TensorData[]> {
    if (name !== PRETRAINED) return await readSnapshot(this.folder, name);
    const [member] = this.run.members;
    return (await startTensors(this.run, member, this.network))?.tensors ?? initialWeights(this.network, member.headSeed!);
  }

  /** The last few are kept. @throws StarsseError as `tensors`; mismatch */
  async weights(name: string): Promise<HostWeights> {
    const weights = this.#inMemory.get(name) ?? hostWeights(this.network, await this.tensors(name), name);
    this.#inMemory.delete(name);
    this.#inMemory.set(name, weights);
    for (const old of this.#inMemory.keys()) if (this.#inMemory.size > KEPT) this.#inMemory.delete(old);
    return weights;
  }

  /** SHA-256 of what the network is. @throws StarsseError file-missing */
  async digest(name: string): Promise<string> {
    const digest = this.#digests.get(name) ?? (name === PRETRAINED ? this.#pretrainedDigest() : await digestOfFile(runFiles.snapshot(this.folder, name)));
    this.#digests.set(name, digest);
    return digest;
  }

  #pretrainedDigest(): string {
    const { checkpointFingerprints, checkpointFingerprint, members, plan } = this.run;
    const [{ checkpoint = plan.model.checkpoint, headSeed }] = members;
    const fingerprint = checkpoint === null ? 'scratch' : (checkpointFingerprints[checkpoint] ?? checkpointFingerprint);
    return createHash('sha256').update(JSON.stringify([fingerprint, headSeed])).digest('hex');
  }
}

async function digestOfFile(file: string): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const bytes of createReadStream(file)) hash.update(bytes as Buffer);
  } catch (cause) {
    throw new StarsseError('file-missing', `${file} cannot be read: ${(cause as Error).message}`, { cause });
  }
  return hash.digest('hex');
}
