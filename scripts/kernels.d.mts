/** Compiles assembly/ into build/, when a source is newer than the last time. @throws Error when the compiler finds one. */
export function compileKernelsIfStale(): void;
