import { describe, expect, it } from 'vitest';
import { faultOfTrace, stateOf } from '../../../lib/operations/connectors/index.ts';

describe('the fault in a stack trace', () => {
  it('is the message of the innermost cause', () => {
    const trace = `org.apache.kafka.connect.errors.ConnectException: Tolerance exceeded in error handler
\tat org.apache.kafka.connect.runtime.errors.RetryWithToleranceOperator.execAndHandleError(RetryWithToleranceOperator.java:252)
Caused by: org.apache.kafka.connect.errors.DataException: Converting byte[] failed due to serialization error:
\t... 14 more
Caused by: java.io.IOException: Connection refused
\tat java.base/sun.nio.ch.Net.connect0(Native Method)
`;
    expect(faultOfTrace(trace)).toBe('Connection refused (IOException)');
  });

  it('is that of an outer cause where the innermost says nothing', () => {
    expect(
      faultOfTrace('a.b.SinkException: the table is gone\n\tat a.b.C\nCaused by: java.net.ConnectException\n'),
    ).toBe('the table is gone (SinkException)');
  });

  it('is its first line where no line names an exception', () => {
    expect(faultOfTrace('something else\nand more')).toBe('something else');
    expect(faultOfTrace('')).toBe('');
  });
});

describe('the state of a connector', () => {
  const part = (state: string) => ({ state });
  const task = (state: string, id = 0) => ({ id, state });

  it('is the worst of its own and its tasks’', () => {
    expect(stateOf({ connector: part('RUNNING'), tasks: [task('RUNNING')] })).toBe('RUNNING');
    expect(stateOf({ connector: part('RUNNING'), tasks: [task('RUNNING'), task('FAILED', 1)] })).toBe('FAILED');
    expect(stateOf({ connector: part('FAILED'), tasks: [] })).toBe('FAILED');
    expect(stateOf({ connector: part('PAUSED'), tasks: [task('RUNNING')] })).toBe('PAUSED');
  });

  it('is not running while it has no task', () => {
    expect(stateOf({ connector: part('RUNNING'), tasks: [] })).toBe('UNASSIGNED');
    expect(stateOf({ connector: part('STOPPED'), tasks: [] })).toBe('STOPPED');
  });
});
