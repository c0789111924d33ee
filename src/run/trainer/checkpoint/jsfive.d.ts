/** What is used of the HDF5 reader; the package comes without types. */
declare module 'jsfive' {
  export class Group {
    readonly keys: string[];
    readonly attrs: Record<string, unknown>;
    get(name: string): Group | Dataset | null;
  }
  export class File extends Group {
    constructor(bytes: ArrayBuffer, name: string);
  }
  export class Dataset {
    readonly shape: number[] | undefined;
    /** NumPy's name of the type, <f4; a list for others. */
    readonly dtype: unknown;
    readonly value: ArrayLike<number>;
  }
}
