/** What a run uses of the machine that the extension is on, at one moment. What cannot be told there is null. */

export interface Resources {
  /** Milliseconds since 1970. */
  atMs: number;
  /** Trainers of this machine. */
  trainers: TrainerUse[];
  /** Logical processors of the machine. */
  cores: number;
  memory: { usedBytes: number; totalBytes: number };
  /** Cards that trainers were given. */
  cards: CardUse[];
  /** Of the disk that the run is on. */
  disk: { freeBytes: number; totalBytes: number } | null;
  /** Images a training step. */
  batchSize: number | null;
  /** Other machines on which members train. */
  elsewhere: string[];
}

export interface TrainerUse {
  member: string;
  pid: number;
  /** Processors kept busy since the last look: 1.5 is one and a half. Null at the first. */
  cpus: number | null;
  /** Resident memory. */
  rssBytes: number | null;
}

export interface CardUse {
  uuid: string;
  name: string;
  /** 0..1 */
  busy: number | null;
  usedBytes: number | null;
  totalBytes: number | null;
}
