// The in-editor suite as one file that the extension host can load: dist/test/editor.js.
const path = require('node:path');

/** @type {import('webpack').Configuration} */
module.exports = {
  mode: 'development',
  devtool: 'inline-source-map',
  target: 'node20',
  context: path.resolve(__dirname, '../..'),
  entry: { editor: './test/editor/index.ts' },
  output: { path: path.resolve(__dirname, '../../dist/test'), filename: '[name].js', libraryTarget: 'commonjs2' },
  externals: { vscode: 'commonjs vscode', mocha: 'commonjs mocha' },
  resolve: { extensions: ['.ts', '.js'] },
  module: { rules: [{ test: /\.ts$/, exclude: /node_modules/, loader: 'esbuild-loader', options: { target: 'es2023' } }] },
  stats: 'errors-warnings',
};
