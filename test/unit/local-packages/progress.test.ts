import { describe, expect, it } from 'vitest';
import { downloadedMegabytes } from '../../../lib/local/packages/maven.ts';
import { pipMegabytes } from '../../../lib/local/packages/pip.ts';

describe('lines of Maven', () => {
  it.each([
    ['Downloaded from central: https://repo/org/a/1/a-1.jar (5.2 MB at 3.1 MB/s)', 5.2],
    ['[INFO] Downloaded from a mirror: http://repo/a.pom (819 B at 12 kB/s)', 0.000819],
    ['Downloaded from central: https://repo/a(1).pom (2.0 kB at 12 kB/s)', 0.002],
    ['Downloaded from central: https://repo/a.tar.gz (1.5 GB at 90 MB/s)', 1_500],
    ['Downloading from central: https://repo/a.jar', 0],
    ['Progress (1): 12 MB', 0],
    ['[INFO] BUILD SUCCESS', 0],
    ['', 0],
  ])('%s', (line, megabytes) => {
    expect(downloadedMegabytes(line)).toBeCloseTo(megabytes, 9);
  });
});

describe('lines of pip', () => {
  it.each([
    ['  Downloading botocore-1.43.106-py3-none-any.whl (14.5 MB)', 14.5],
    ['Downloading six-1.17.0-py2.py3-none-any.whl (11 kB)', 0.011],
    ['  Downloading tiny.whl (812 B)', 0.000812],
    ['  Downloading a-1-py3-none-any.whl.metadata (4.1 kB)', 0.0041],
    ['  Using cached botocore-1.43.106-py3-none-any.whl (14.5 MB)', 0],
    ['Successfully installed six-1.17.0', 0],
    ['', 0],
  ])('%s', (line, megabytes) => {
    expect(pipMegabytes(line)).toBeCloseTo(megabytes, 9);
  });
});
