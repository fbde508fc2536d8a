import { FunctionHost, type HostOptions } from '../../lib/local/functions/host.ts';

/** A host of functions in a process of its own, for tests that kill it. HOST_OPTIONS: {@link HostOptions} as JSON. */
const options: HostOptions = JSON.parse(process.env.HOST_OPTIONS ?? '');
const host = await FunctionHost.start(options);
process.stdout.write(`${JSON.stringify({ port: host.port })}\n`);
process.once('SIGTERM', () => {
  void host.stop().then(() => process.exit(0));
});
