/** Webpack takes style sheets out of the bundle; their import has no value. */
declare module '*.css';
