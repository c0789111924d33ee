/** One error class for every room. It survives a process border as JSON; doors (cli, trainer, activate) catch it. */

export type ErrorCode =
  | 'usage' // a user's mistake: a flag, a name, a value
  | 'plan-invalid'
  | 'clones' // two members would be identical (X13)
  | 'data-invalid'
  | 'data-missing'
  | 'file-invalid' // torn, foreign or hostile file
  | 'file-missing'
  | 'mismatch' // names, shapes or dtypes of weights do not fit
  | 'backend-missing'
  | 'backend-failed'
  | 'diverged'
  | 'start-failed' // a member was not trained, since the one it starts from failed
  | 'run-busy'
  | 'process-died'
  | 'disk'
  | 'cancelled'
  | 'internal';

export interface ErrorJson {
  code: ErrorCode;
  /** What is wrong, with the value that was wrong. */
  message: string;
  /** What to do about it. */
  hint?: string;
  cause?: string;
}

export class StarsseError extends Error {
  override readonly name = 'StarsseError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;

  constructor(code: ErrorCode, message: string, options: { hint?: string; cause?: unknown } = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
  }

  toJSON(): ErrorJson {
    return {
      code: this.code,
      message: this.message,
      ...(this.hint === undefined ? {} : { hint: this.hint }),
      ...(this.cause === undefined ? {} : { cause: String(this.cause) }),
    };
  }

  static fromJSON(json: ErrorJson): StarsseError {
    return new StarsseError(json.code, json.message, {
      ...(json.hint === undefined ? {} : { hint: json.hint }),
      ...(json.cause === undefined ? {} : { cause: json.cause }),
    });
  }

  /** Anything thrown, as one of ours; foreign errors become `internal` and keep their stack as cause. */
  static from(error: unknown): StarsseError {
    if (error instanceof StarsseError) return error;
    if (error instanceof Error) return new StarsseError('internal', error.message, { cause: error.stack ?? error.message });
    return new StarsseError('internal', String(error));
  }
}
