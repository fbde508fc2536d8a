import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { composeFile } from '../../../lib/local/docker/compose.ts';
import { statesIn } from '../../../lib/local/docker/engine.ts';
import { PORTS } from '../../../lib/local/ports.ts';
import { isDocker, SERVICES } from '../../../lib/local/services/index.ts';

/** What the tests read of an entry. */
interface Entry {
  readonly image: string;
  readonly profiles?: readonly string[];
  readonly container_name: string;
  readonly ports: readonly string[];
  readonly volumes?: readonly string[];
  readonly healthcheck: { readonly test: readonly string[] };
  readonly mem_limit: string;
  readonly environment?: Readonly<Record<string, unknown>>;
}

const file: { services: Record<string, Entry>; volumes: Record<string, unknown> } = parse(composeFile());
const entryOf = (name: string): Entry => {
  const entry = file.services[name];
  if (entry === undefined) throw new Error(`no entry ${name}`);
  return entry;
};

describe('docker-compose.yml', () => {
  it('is the one in the project', async () => {
    expect(await readFile(join(import.meta.dirname, '../../../docker-compose.yml'), 'utf8')).toBe(composeFile());
  });

  it('has exactly the services of the list that there are in Docker', () => {
    expect(Object.keys(file.services)).toEqual(SERVICES.filter(isDocker).map(({ name }) => name));
  });

  it.each(SERVICES.filter(isDocker))(
    '$name: a full version, the loopback interface, a name, a volume for what it keeps, a check and a limit',
    (service) => {
      const { name, container } = service;
      const entry = entryOf(name);
      // PostgreSQL's versions have two parts.
      expect(entry.image).toMatch(name === 'postgres' ? /^postgres:\d+\.\d+-/ : /^[a-z./-]+:v?\d+\.\d+\.\d+/);
      expect(entry.profiles).toEqual(service.extra === undefined ? undefined : [service.extra]);
      expect(entry.container_name).toBe(`${container}\${QR_NAME_SUFFIX:-}`);
      expect(entry.ports).toEqual([
        `127.0.0.1:\${${PORTS[name].variable}:-${PORTS[name].port}}:${service.docker.port}`,
      ]);
      const volume = `${name}-data`;
      if (service.docker.volume === undefined)
        expect([entry.volumes, file.volumes[volume]]).toEqual([undefined, undefined]);
      else {
        expect(entry.volumes).toEqual([`${volume}:${service.docker.volume}`]);
        expect(Object.keys(file.volumes)).toContain(volume);
      }
      expect(entry.healthcheck.test).toEqual(['CMD-SHELL', expect.stringMatching(/\w/)]);
      expect(entry.mem_limit).toMatch(/^\d+[mg]$/);
    },
  );

  it('has no value in an environment that a reader could take for something else than text', () => {
    for (const { environment = {} } of Object.values(file.services)) {
      for (const value of Object.values(environment)) expect(value).toBeTypeOf('string');
    }
    expect(parse(composeFile(), { version: '1.1' })).toEqual(parse(composeFile()));
  });

  it('tells clients on the host the port that Kafka was moved to', () => {
    expect(entryOf('kafka').environment?.KAFKA_ADVERTISED_LISTENERS).toContain(
      `HOST://127.0.0.1:\${QR_PORT_KAFKA:-9092}`,
    );
  });
});

describe('the states of containers', () => {
  it('are read by name; what is not there is not among them', () => {
    const output = '/qr-kafka running\n/qr-redis exited\n/qr-aws created\nError: No such container: qr-x\n';
    expect(statesIn(output)).toEqual(
      new Map([
        ['/qr-kafka', 'running'],
        ['/qr-redis', 'died'],
        ['/qr-aws', 'stopped'],
      ]),
    );
  });

  it('are none when Docker does not answer', () => {
    expect(statesIn('Cannot connect to the Docker daemon at unix:///x. Is the docker daemon running?').size).toBe(0);
  });
});
