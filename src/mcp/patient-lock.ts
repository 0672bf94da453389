// Which patient an MCP session is about (contract.md, MCP): fixed by address or --patient, else chosen once by select_patient.
import { ToolError } from '../errors.ts';
import type { PatientLock } from '../evidence/index.ts';
import type { Sources } from '../tools/index.ts';
import { resolvePatient } from '../tools/record/fhir/index.ts';

export class SessionLock {
  /** What the address or --patient fixed; null where the session chooses. */
  readonly fixed: string | null;
  private readonly sources: Sources;
  private chosen: PatientLock | null = null;

  constructor(sources: Sources, fixed: string | null) {
    this.sources = sources;
    this.fixed = fixed;
  }

  /** The lock of this call. Throws ToolError when none is chosen yet, or the fixed one cannot be resolved. */
  async current(signal: AbortSignal): Promise<PatientLock> {
    if (this.chosen === null && this.fixed !== null) this.chosen = await resolvePatient(this.sources.record, this.fixed, signal);
    if (this.chosen === null) throw new ToolError('bad_input', 'No patient is selected; call find_patients, then select_patient.');
    return this.chosen;
  }

  get selected(): PatientLock | null {
    return this.chosen;
  }

  /** Whether choosing this one changes the patient of the session. */
  isOther(lock: PatientLock): boolean {
    return this.chosen !== null && !this.chosen.ids.includes(lock.id);
  }

  choose(lock: PatientLock): void {
    this.chosen = lock;
  }
}
