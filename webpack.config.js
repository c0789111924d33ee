// The bundles: what VS Code loads, the three Node programs (cli, supervisor, trainer), the trainer's input thread, and one a panel.
// Only the trainer contains TensorFlow.js; test/package holds the size of each against its budget.
const { readdirSync, readFileSync } = require('node:fs');
const path = require('node:path');
const { BannerPlugin, DefinePlugin, IgnorePlugin, sources } = require('webpack');
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

// sharp decodes images. Its JavaScript is bundled; of its binaries the WebAssembly one, which runs on every platform, is put
// beside the bundle. The native one is faster and is taken where it can be found, as in a checkout with node_modules.
const sharpWasm = path.dirname(require.resolve('@img/sharp-wasm32/sharp.node'));
const wasmFiles = readdirSync(path.join(sharpWasm, 'lib')).toSorted(); // the JavaScript, the WebAssembly
const sharpBinaries = ({ request }, done) => {
  if (request === '@img/sharp-wasm32/sharp.node') return done(null, `commonjs ./${wasmFiles[0]}`);
  return /^@img\/sharp-/.test(request) ? done(null, `commonjs ${request}`) : done();
};
const emitBesides = {
  apply: (compiler) =>
    compiler.hooks.thisCompilation.tap('emitBesides', (compilation) =>
      compilation.hooks.additionalAssets.tap('emitBesides', () => {
        for (const file of wasmFiles) {
          const content = readFileSync(path.join(sharpWasm, 'lib', file));
          // There is no node_modules beside the bundle: what the file asks for is the entry emnapi-runtime.
          const asset = file.endsWith('.js') ? content.toString().replaceAll('require("@emnapi/runtime")', 'require("./emnapi-runtime.js")') : content;
          compilation.emitAsset(file, new sources.RawSource(asset), { minimized: true });
        }
        compilation.emitAsset('sharp-wasm32.LICENSE.txt', new sources.RawSource(readFileSync(path.join(sharpWasm, 'LICENSE'))));
        compilation.emitAsset('h5wasm.LICENSE.txt', new sources.RawSource(readFileSync(path.join(__dirname, 'node_modules/h5wasm/LICENSE.txt'))));
      }),
    ),
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
    'emnapi-runtime': '@emnapi/runtime', // of sharp's WebAssembly
  },
  // The WebAssembly binary of the back end "wasm" is found by a URL and put beside the bundle under its own name.
  output: { ...shared.output, libraryTarget: 'commonjs2', assetModuleFilename: '[name][ext]' },
  externals: [{ vscode: 'commonjs vscode' }, sharpBinaries],
  // TensorFlow.js: one copy of its core, from the packages' Node builds.
  // jsonc-parser's main file is a UMD module that webpack cannot follow.
  resolve: {
    extensions: ['.ts', '.js'],
    mainFields: ['main', 'module'],
    // tfjs-node asks for the union package, of which it needs the core alone. Node has a fetch of its own; node-fetch would bring 300 KB of tables.
    alias: { 'jsonc-parser$': 'jsonc-parser/lib/esm/main.js', '@tensorflow/tfjs$': '@tensorflow/tfjs-core', 'node-fetch$': false, sharp$: require.resolve('sharp') },
  },
  // __dirname must be the folder of the bundle: programs find each other there.
  node: { __dirname: false },
  module: { rules: [typescript] },
  // What is left of `import.meta` would make Node read the bundle as an ES module, which it is not.
  plugins: [
    new DefinePlugin({ 'import.meta.dirname': '__dirname' }),
    // What sharp would find after a build of its own; names of versions that nobody asks for.
    new IgnorePlugin({ resourceRegExp: /^\.\.\/src\/build\/Release|^@img$/ }),
    emitBesides,
    new BannerPlugin({ banner: '#!/usr/bin/env node', raw: true, test: /^cli\.js$/ }),
  ],
};

/** One panel's bundle: `webpack --config-name dashboard` makes it alone. @returns {import('webpack').Configuration} */
const panel = (name) => ({
  ...shared,
  name,
  target: ['web', 'es2022'],
  entry: { [name]: `./webview-ui/${name}/main.ts` },
  output: { ...shared.output, path: path.join(__dirname, 'dist', 'webview'), assetModuleFilename: '[name][ext]' },
  resolve: { extensions: ['.ts', '.js'] },
  module: {
    rules: [typescript, { test: /\.css$/, use: [MiniCssExtractPlugin.loader, 'css-loader'] }],
  },
  plugins: [new MiniCssExtractPlugin()],
});

module.exports = [node, ...['dashboard', 'checkpoint', 'compose', 'plan', 'compare'].map(panel)];
