import type { Command } from 'commander';
import { type AuditReport, verifyAudit } from '../../../handlers/audit-logs/chain-state.ts';
import { topic } from '../../catalog/index.ts';
import { counted, number } from '../format.ts';
import { dataDirFlag, examples, jsonFlag } from '../help.ts';
import { type StackChoice, settingsOf } from '../stack.ts';
import { right, table } from '../table.ts';
import { print, printJson } from '../terminal.ts';

export const define = (command: Command): void => {
  const verify = command.command('verify').description('check that the audit log is as it was written');
  dataDirFlag(jsonFlag(verify)).action(run);
  examples(command, {
    'audit verify': 'finds changed, missing, reordered and added records; exit code 1 then',
    'audit verify --json': 'for programs',
  });
};

const run = async (options: StackChoice & { readonly json?: boolean }): Promise<void> => {
  const { openRedis } = await import('../../stores/redis.ts');
  const { openObjects } = await import('../../stores/objects.ts');
  const settings = await settingsOf(options);
  const [redis, objects] = [openRedis(settings), openObjects(settings)];
  const report = await verifyAudit({ redis, objects }, topic('audit-logs').partitions).finally(() => {
    redis.disconnect();
    objects.close();
  });
  if (!report.ok) process.exitCode = 1;
  if (options.json === true) printJson(report);
  else tellReport(report);
};

const tellReport = ({ partitions, findings }: AuditReport): void => {
  print(
    table(
      [right('PARTITION'), right('SEGMENTS'), right('RECORDS'), 'END KNOWN'],
      partitions.map((each) => [
        String(each.partition),
        number(each.segments),
        number(each.records),
        each.endKnown || each.segments === 0 ? 'yes' : 'no',
      ]),
    ),
  );
  for (const { partition, restarts } of partitions.filter((each) => each.restarts > 0)) {
    print(
      `Partition ${partition}: offsets began anew ${counted(restarts, 'time')}, as when the topic was deleted and made again; the chain goes on over it.`,
    );
  }
  for (const { kind, segment, offset, text } of findings) {
    print(`${kind}: ${segment}${offset === undefined ? '' : `, offset ${offset}`}: ${text}`);
  }
  print(findings.length === 0 ? '\nEverything is as it was written.' : `\n${counted(findings.length, 'finding')}`);
};
