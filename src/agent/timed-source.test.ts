import { expect, test } from 'vitest';
import { arraySource } from '../../test/fixtures/array-source.ts';
import { timeSource } from './timed-source.ts';

test('requests at the same time count once, and a failing one counts too', async () => {
  let now = 0;
  const real = performance.now;
  performance.now = () => now;
  try {
    const waiting: (() => void)[] = [];
    const inner = arraySource([]);
    const { source, ms } = timeSource({
      ...inner,
      read: () => new Promise((resolve) => waiting.push(() => resolve(null))),
      supports: () => Promise.reject(new Error('down')),
    });
    const options = { signal: new AbortController().signal, patient: null };
    const both = [source.read('Patient/1', options), source.read('Patient/2', options)];
    now = 10;
    waiting[0]!();
    await both[0];
    now = 25;
    expect(ms()).toBe(25); // still under way
    waiting[1]!();
    await both[1];
    now = 100;
    expect(ms()).toBe(25);
    await expect(source.supports('Patient')).rejects.toThrow('down');
    expect(ms()).toBe(25);
  } finally {
    performance.now = real;
  }
});
