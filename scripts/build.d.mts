/** Bundles the product into dist/. @throws Error when webpack finds one. */
export function build(): void;
/** `build`, when a source is newer than the last build. */
export function buildIfStale(): void;
