import fc from 'fast-check';
import { sign } from 'hono/jwt';
import { describe, expect, it } from 'vitest';
import { openAdmission } from '../../../lib/updates/admission.ts';
import { openConnection } from '../../../lib/updates/feed/connection.ts';
import { connectionsMetric } from '../../../lib/updates/metrics.ts';
import { issueUpdatesToken, readUpdatesToken } from '../../../lib/updates/token.ts';

describe('a token', () => {
  it('tells its user and when it expires, to who has the secret', async () => {
    const now = Date.now();
    const token = await issueUpdatesToken('user-1', 'secret', 60, now);
    const expiresAt = (Math.floor(now / 1_000) + 60) * 1_000;
    expect(await readUpdatesToken(token, 'secret')).toEqual({ userId: 'user-1', expiresAt });
    expect(await readUpdatesToken(token, 'another')).toBeUndefined();
  });

  it('is refused once it has expired, when anything in it was changed, and when it is for something else', async () => {
    expect(await readUpdatesToken(await issueUpdatesToken('u', 's', 1, Date.now() - 5_000), 's')).toBeUndefined();
    const token = await issueUpdatesToken('user-1', 's');
    const [head = '', , mac = ''] = token.split('.');
    const other = Buffer.from(JSON.stringify({ sub: 'user-2', aud: 'qr-updates', iat: 1, exp: 9e9 })).toString(
      'base64url',
    );
    const none = Buffer.from('{"alg":"none","typ":"JWT"}').toString('base64url');
    for (const forged of [
      `${head}.${other}.${mac}`,
      `${none}.${other}.`,
      `${none}.${other}.${mac}`,
      '',
      'a.b',
      'a.b.c',
    ]) {
      expect(await readUpdatesToken(forged, 's')).toBeUndefined();
    }
    const iat = Math.floor(Date.now() / 1_000);
    const claims = { sub: 'u', aud: 'qr-updates', iat, exp: iat + 60 };
    expect(await readUpdatesToken(await sign(claims, 's', 'HS256'), 's')).toMatchObject({ userId: 'u' });
    for (const wrong of [
      { ...claims, aud: 'links' },
      { ...claims, sub: '' },
      { ...claims, exp: iat + 90_000 },
      { sub: 'u', aud: 'qr-updates', iat },
    ]) {
      expect(await readUpdatesToken(await sign(wrong, 's', 'HS256'), 's')).toBeUndefined();
    }
  });

  it('is not made for nobody, nor for longer than a day', async () => {
    await expect(issueUpdatesToken('', 's')).rejects.toThrow(/one user/);
    for (const ttl of [0, -1, 86_401, Number.NaN])
      await expect(issueUpdatesToken('u', 's', ttl)).rejects.toThrow(/seconds/);
  });
});

describe('admission', () => {
  it('never lets in more than it may, and has room again for each that has gone', () => {
    const steps = fc.array(fc.record({ user: fc.nat(3), isIn: fc.boolean() }), { maxLength: 60 });
    fc.assert(
      fc.property(steps, (all) => {
        const admission = openAdmission({ connections: 5, perUser: 2 });
        const inside: { user: number; leave: () => void }[] = [];
        for (const { user, isIn } of all) {
          const own = inside.filter((one) => one.user === user).length;
          const hasRoom = own < 2 && inside.length < 5;
          if (isIn) {
            const place = admission.enter(`u${user}`);
            if (typeof place === 'function') inside.push({ user, leave: place });
            else expect(place.status).toBe(own >= 2 ? 429 : 503);
            expect(typeof place === 'function').toBe(hasRoom);
          } else {
            inside.splice(inside.findIndex((one) => one.user === user) >>> 0, 1)[0]?.leave();
          }
          expect(admission.size).toBe(inside.length);
          expect(inside.length).toBeLessThanOrEqual(5);
        }
      }),
    );
  });

  it('lets nobody in once it is shut', () => {
    const admission = openAdmission({ connections: 5, perUser: 2 });
    admission.shut();
    expect(admission.enter('u')).toMatchObject({ status: 503, retryAfter: expect.any(Number) });
  });
});

describe('a connection', () => {
  const opened = (bufferBytes: number) => {
    const ends: string[] = [];
    const connection = openConnection({
      cursor: '0-0',
      bufferBytes,
      onRoom: () => ends.push('room'),
      onEnd: () => ends.push('end'),
    });
    return { connection, reader: connection.body.getReader(), ends };
  };

  it('has no room while its client takes nothing, and says once when there is room again', async () => {
    const { connection, reader, ends } = opened(100);
    while (connection.hasRoom()) connection.send('x'.repeat(30));
    expect(connection.fullForMs()).toBeGreaterThanOrEqual(0);
    for (let i = 0; i < 4; i += 1) await reader.read();
    expect(connection.hasRoom()).toBe(true);
    expect(connection.fullForMs()).toBe(0);
    expect(ends).toEqual(['room']);
  });

  it('hands over what it holds before it says why it ends', async () => {
    const { connection, reader, ends } = opened(100);
    connection.send('last words\n\n');
    connection.close('slow', 5);
    connection.close('shutdown', 5);
    let text = '';
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      text += new TextDecoder().decode(value);
    }
    expect(text).toMatch(/last words\n\nretry: 5\nevent: closing\ndata: {"reason":"slow"}\n\n$/);
    expect(ends).toEqual(['end']);
  });

  it('is over when its client goes, and takes nothing any more', async () => {
    const { connection, reader, ends } = opened(100);
    await reader.cancel();
    connection.send('too late');
    expect(connection.hasRoom()).toBe(false);
    expect(ends).toEqual(['end']);
  });
});

describe('the metric of connections', () => {
  it('is written where somebody reads it', () => {
    expect(connectionsMetric(7, {})).toBeUndefined();
    const line = connectionsMetric(7, { POWERTOOLS_METRICS_NAMESPACE: 'N', POWERTOOLS_SERVICE_NAME: 's' }, 5) ?? '';
    expect(JSON.parse(line)).toEqual({
      _aws: {
        Timestamp: 5,
        CloudWatchMetrics: [
          { Namespace: 'N', Dimensions: [['service']], Metrics: [{ Name: 'UpdatesConnections', Unit: 'Count' }] },
        ],
      },
      service: 's',
      UpdatesConnections: 7,
    });
  });
});
