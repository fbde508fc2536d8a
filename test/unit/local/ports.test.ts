import { describe, expect, it } from 'vitest';
import { PORTS, portsFrom } from '../../../lib/local/ports.ts';

describe('the ports of a stack', () => {
  it('are the defaults, all moved by an offset, or one by its variable', () => {
    expect(portsFrom(undefined, {})).toEqual(
      Object.fromEntries(Object.entries(PORTS).map(([name, { port }]) => [name, port])),
    );
    expect(portsFrom(1_000, { QR_PORT_REDIS: '7000' })).toMatchObject({ kafka: 10_092, console: 9_090, redis: 7_000 });
    expect(portsFrom(undefined, { QR_PORT_OFFSET: '1' })).toMatchObject({ kafka: 9_093 });
  });

  it('are no ports that browsers refuse, where a browser or fetch is to speak to them', () => {
    expect(() => portsFrom(2_000, {})).toThrow('The port of aws would be 6566, which browsers refuse to open.');
    expect(portsFrom(undefined, { QR_PORT_KAFKA: '6666' }).kafka).toBe(6_666);
  });

  it.each([['70000'], ['0'], ['-1']])('are no %s', (port) => {
    expect(() => portsFrom(undefined, { QR_PORT_KAFKA: port })).toThrow('ports go from 1 to 65535');
  });

  it('are numbers', () => {
    expect(() => portsFrom(undefined, { QR_PORT_OFFSET: 'many' })).toThrow('QR_PORT_OFFSET must be a whole number');
  });
});
