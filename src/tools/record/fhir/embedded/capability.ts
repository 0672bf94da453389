// The CapabilityStatement of the embedded server (FHIR R4 2.21): the types that the files hold, and what each can be searched by.
import type { CapabilityStatement, CapabilityStatementRestResource } from 'fhir/r4.js';
import { parametersOf } from './search-parameters.ts';

export function capabilityStatement(name: string, url: string, types: ReadonlyMap<string, number>): CapabilityStatement {
  return {
    resourceType: 'CapabilityStatement',
    status: 'active',
    date: '2026-01-01',
    kind: 'instance',
    fhirVersion: '4.0.1',
    format: ['json'],
    implementation: { description: `Embedded, read-only FHIR R4 server over files (${name})`, url },
    rest: [
      {
        mode: 'server',
        resource: [...types.keys()].sort().map((type): CapabilityStatementRestResource => {
          const parameters = [...parametersOf(type).values()];
          return {
            type: type as CapabilityStatementRestResource['type'],
            interaction: [{ code: 'read' }, { code: 'vread' }, { code: 'search-type' }],
            versioning: 'versioned',
            referencePolicy: ['literal', 'local'],
            searchInclude: parameters.filter((one) => one.type === 'reference').map((one) => `${type}:${one.name}`),
            searchParam: [{ name: '_id', type: 'token' }, ...parameters.map((one) => ({ name: one.name, type: one.type }))],
          };
        }),
      },
    ],
  };
}
