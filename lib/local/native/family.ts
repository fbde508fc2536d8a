import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { isAlive, type ProcessIdentity, statOf } from './identity.ts';

interface Row extends ProcessIdentity {
  readonly parent: number;
  readonly group: number;
}

/** Fields 4, 5 and 22. */
const rowOf = (pid: number): Row[] => {
  try {
    const fields = statOf(pid);
    return [{ pid, parent: Number(fields[1]), group: Number(fields[2]), started: fields[19] ?? '' }];
  } catch {
    // It has ended since the list was read.
    return [];
  }
};

const table = (): Row[] => {
  if (process.platform === 'linux') {
    return readdirSync('/proc')
      .filter((name) => /^\d+$/.test(name))
      .flatMap((pid) => rowOf(Number(pid)));
  }
  const text = execFileSync('ps', ['-axo', 'pid=,ppid=,pgid=,lstart='], { encoding: 'utf8' });
  return text.split('\n').flatMap((line) => {
    const [pid, parent, group, ...started] = line.trim().split(/\s+/);
    if (started.length === 0) return [];
    return [{ pid: Number(pid), parent: Number(parent), group: Number(group), started: started.join(' ') }];
  });
};

/**
 * What a process has started, and what that has started: its process group and all descendants, wherever they have moved
 * (PostgreSQL gives each of its processes a session of its own). Asked while the process is there: once it is gone its
 * number may be another's.
 */
export const familyOf = (leader: ProcessIdentity): readonly ProcessIdentity[] => {
  if (!isAlive(leader)) return [];
  const rows = table();
  const family = new Set<Row>();
  const add = (member: Row): void => {
    if (member.pid === leader.pid || family.has(member)) return;
    family.add(member);
    for (const row of rows) if (row.parent === member.pid) add(row);
  };
  for (const row of rows) if (row.parent === leader.pid || row.group === leader.pid) add(row);
  return [...family].map(({ pid, started }) => ({ pid, started }));
};
