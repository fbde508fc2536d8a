import { createSocket } from 'node:dgram';
import { once } from 'node:events';
import { type Answer, decode, encode, RECURSION_AVAILABLE, RECURSION_DESIRED } from 'dns-packet';

type RecordType = 'A' | 'AAAA' | 'CNAME' | 'TXT';

/** A name server on loopback that knows what a test tells it. */
export interface DnsServer {
  /** `ADDRESS:PORT` */
  readonly address: string;
  /** Sets the records of a name; none: there are none of this type any more. */
  set(name: string, type: RecordType, ...values: readonly string[]): void;
  /** Says SERVFAIL, or nothing at all, to questions of a name. */
  trouble(name: string, kind: 'SERVFAIL' | 'silent' | undefined): void;
  close(): void;
}

/** RFC 1035, section 4.1.1. */
const RCODE = { NOERROR: 0, SERVFAIL: 2, NXDOMAIN: 3 };

const answerOf = (name: string, type: RecordType, value: string): Answer =>
  // A text may come in several pieces of at most 255 bytes.
  type === 'TXT'
    ? { name, type, ttl: 1, data: [value.slice(0, 20), value.slice(20)] }
    : { name, type, ttl: 1, data: value };

/** Starts one on a free port. */
export const startDnsServer = async (): Promise<DnsServer> => {
  const records = new Map<string, Map<string, readonly string[]>>();
  const troubles = new Map<string, 'SERVFAIL' | 'silent'>();
  const socket = createSocket('udp4', (message, from) => {
    const { id, questions = [] } = decode(message);
    const [question] = questions;
    if (question === undefined) return;
    const name = question.name.toLowerCase();
    const trouble = troubles.get(name);
    if (trouble === 'silent') return;
    const known = records.get(name);
    const type = question.type;
    const answers =
      type === 'A' || type === 'AAAA' || type === 'CNAME' || type === 'TXT'
        ? (known?.get(type) ?? []).map((value) => answerOf(question.name, type, value))
        : [];
    const rcode = trouble === 'SERVFAIL' ? RCODE.SERVFAIL : known === undefined ? RCODE.NXDOMAIN : RCODE.NOERROR;
    const flags = RECURSION_DESIRED | RECURSION_AVAILABLE | rcode;
    const reply = encode({ type: 'response', id: id ?? 0, flags, questions: [question], answers });
    socket.send(reply, from.port, from.address);
  });
  socket.bind(0, '127.0.0.1');
  await once(socket, 'listening');
  return {
    address: `127.0.0.1:${socket.address().port}`,
    set: (name, type, ...values) => {
      const known = records.get(name) ?? new Map<string, readonly string[]>();
      records.set(name, known.set(type, values));
    },
    trouble: (name, kind) => {
      if (kind === undefined) troubles.delete(name);
      else troubles.set(name, kind);
    },
    close: () => socket.close(),
  };
};
