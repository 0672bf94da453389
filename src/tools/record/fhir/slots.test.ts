// A bounded number at once; who leaves the queue takes no slot along.
import { expect, it } from 'vitest';
import { Slots } from './slots.ts';

const never = new AbortController().signal;
const turn = () => new Promise((resolve) => setImmediate(resolve));

it('who leaves the queue takes no slot along', async () => {
  const slots = new Slots(1);
  const gate = Promise.withResolvers<void>();
  const first = slots.run(never, () => gate.promise);
  const leaver = new AbortController();
  let left = false;
  const second = slots.run(leaver.signal, async () => {
    left = true;
  });
  const third = slots.run(never, async () => 'third');
  await turn();
  leaver.abort(new Error('left'));
  await expect(second).rejects.toThrow('left');
  gate.resolve();
  await first;
  expect(await third).toBe('third');
  expect(left).toBe(false);
});

it('work that fails gives its slot back, and order is kept', async () => {
  const slots = new Slots(2);
  const order: number[] = [];
  const results = await Promise.allSettled(
    [0, 1, 2, 3, 4, 5].map((n) =>
      slots.run(never, async () => {
        order.push(n);
        await turn();
        if (n % 2 === 0) throw new Error('fails');
      }),
    ),
  );
  expect(order).toEqual([0, 1, 2, 3, 4, 5]);
  expect(results.map((r) => r.status)).toEqual(['rejected', 'fulfilled', 'rejected', 'fulfilled', 'rejected', 'fulfilled']);
});
