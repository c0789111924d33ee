// Six bundles: what VS Code loads, the three Node programs (cli, supervisor, trainer), the trainer's input thread, and one a panel.
// Only the trainer contains TensorFlow.js; test/package holds the size of each against its budget.
const path = require('node:path');
const { BannerPlugin, DefinePlugin } = require('webpack');
const MiniCssExtractPlugin = require('mini-css-extract-plugin');

const typescript = {
  test: /\.ts$/,
  exclude: /node_modules/,
  loader: 'esbuild-loader',
  options: { target: 'es2023' },
};

/** @type {import('webpack').Configuration} */
const shared = {
  mode: 'production',
  devtool: 'source-map',
  performance: { hints: false },
  output: { path: path.join(__dirname, 'dist'), filename: '[name].js' },
  stats: 'errors-warnings',
};

/** @type {import('webpack').Configuration} */
const node = {
  ...shared,
  name: 'node',
  target: 'node20',
  entry: {
    extension: './src/extension/activate.ts',
    cli: './src/run/cli.ts',
    supervisor: './src/run/supervisor.ts',
    trainer: './src/run/trainer.ts',
    'input-worker': './src/run/trainer/input-worker.ts',
  },
  // The WebAssembly binary of the back end "wasm" is found by a URL and put beside the bundle under its own name.
  output: { ...shared.output, libraryTarget: 'commonjs2', assetModuleFilename: '[name][ext]' },
  externals: { vscode: 'commonjs vscode' },
  // TensorFlow.js: one copy of its core, from the packages' Node builds.
  // jsonc-parser's main file is a UMD module that webpack cannot follow.
  resolve: {
    extensions: ['.ts', '.js'],
    mainFields: ['main', 'module'],
    // tfjs-node asks for the union package, of which it needs the core alone. `encoding` is optional to node-fetch.
    alias: { 'jsonc-parser$': 'jsonc-parser/lib/esm/main.js', '@tensorflow/tfjs$': '@tensorflow/tfjs-core', encoding: false },
  },
  // __dirname must be the folder of the bundle: programs find each other there.
  node: { __dirname: false },
  module: { rules: [typescript] },
  // What is left of `import.meta` would make Node read the bundle as an ES module, which it is not.
  plugins: [
    new DefinePlugin({ 'import.meta.dirname': '__dirname' }),
    new BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, test: /^cli\.js$/ }),
  ],
};

/** @type {import('webpack').Configuration} */
const webview = {
  ...shared,
  name: 'webview',
  target: ['web', 'es2022'],
  entry: { dashboard: './webview-ui/dashboard/main.ts' },
  output: { ...shared.output, path: path.join(__dirname, 'dist', 'webview'), assetModuleFilename: '[name][ext]' },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [typescript, { test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] }],
  },
  plugins: [new MiniCssExtractPlugin()],
};

module.exports = [node, webview];
