#!/usr/bin/env node
// Plain JavaScript, so that it runs as it is: checks Node, then runs the command line, bundled or through tsx from its sources.
const [major = 0, minor = 0] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 15)) {
  console.error(`Node ${process.versions.node} is too old: install Node 20.15 or newer (https://nodejs.org).`);
  process.exit(1);
}

// The AWS SDK announces the end of its Node 20 support on every start; that is the project's business, not the user's.
process.env.AWS_SDK_JS_NODE_VERSION_SUPPORT_WARNING_DISABLED ??= 'true';

try {
  import.meta.resolve('tsx/esm/api');
} catch {
  console.error('The npm packages are not installed: run `npm ci` in the project folder first.');
  process.exit(1);
}
const { bundled } = await import('./bundled.mjs');
const program = await bundled();
if (program === undefined) {
  const { register } = await import('tsx/esm/api');
  register();
}
// The stack trace it adds is one of the sources.
if (process.env.QR_DEBUG) process.setSourceMapsEnabled(true);
const { main } = await import(program ?? '../lib/cli/main.ts');
await main(process.argv.slice(2));
