// The last door before the network: no request leaves for another origin, whoever asks.
import { expect, it } from 'vitest';
import { TRANSPORT, Transport } from './transport.ts';

it.each([
  'https://other.example.org/fhir/Patient/1',
  '//other.example.org/x',
  'http://127.0.0.1:2/fhir/Patient/1',
  'https://127.0.0.1:1/fhir/Patient/1',
])('%s is refused before a token is asked for', async (path) => {
  let tokens = 0;
  const credentials = {
    token: async () => {
      tokens += 1;
      return 'secret';
    },
    discard: () => false,
  };
  const transport = new Transport('http://127.0.0.1:1/fhir', credentials, TRANSPORT);
  await expect(transport.get(path, new AbortController().signal)).rejects.toMatchObject({ kind: 'redirect' });
  expect(tokens).toBe(0);
});
