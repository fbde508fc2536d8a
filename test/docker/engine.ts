import { run } from '../../lib/local/run.ts';

/** Runs the Docker client; its output without the last line's end. Throws what it said when it failed. */
export const docker = async (...args: readonly string[]): Promise<string> => {
  const { code, output } = await run('docker', args);
  if (code !== 0) throw new Error(`docker ${args.join(' ')}: ${output}`);
  return output.trim();
};

const lines = (text: string): string[] => text.split('\n').filter((line) => line !== '');

/** Every container, network and volume of the engine, those without a name of their own included. */
export const everything = async (): Promise<{ containers: string[]; networks: string[]; volumes: string[] }> => ({
  containers: lines(await docker('ps', '--all', '--format', '{{.Names}}')).sort(),
  networks: lines(await docker('network', 'ls', '--format', '{{.Name}}')).sort(),
  volumes: lines(await docker('volume', 'ls', '--quiet')).sort(),
});

/** The containers of a stack by the name of their service, found by the host port of its Kafka. */
export const containersBeside = async (kafkaPort: number): Promise<Map<string, string>> => {
  const project = '{{index .Config.Labels "com.docker.compose.project"}}';
  const broker = await docker('ps', '--all', '--filter', `publish=${kafkaPort}`, '--format', '{{.ID}}');
  const filter = `label=com.docker.compose.project=${await docker('inspect', '--format', project, broker)}`;
  const format = '{{.Label "com.docker.compose.service"}} {{.Names}}';
  const rows = lines(await docker('ps', '--all', '--filter', filter, '--format', format));
  return new Map(rows.map((row) => [row.slice(0, row.indexOf(' ')), row.slice(row.indexOf(' ') + 1)]));
};
