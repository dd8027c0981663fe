/** Why there will be no pack: for good, in a sentence for whoever asked; or not yet. */

export type PackFailure =
  /** What is stored contradicts the signed log: an alarm, not a mishap. */
  'evidence-contradicts' | 'evidence-waits' | 'file-missing' | 'key-missing' | 'too-large' | 'unexpected'

export class PackRefused extends Error {
  readonly code: PackFailure
  readonly findings: readonly string[]
  constructor(code: PackFailure, detail: string, findings: readonly string[] = []) {
    super(detail)
    this.code = code
    this.findings = findings
  }
}

/** What was recorded before the request is not all under a signed head yet. */
export class NotCaughtUp extends Error {
  readonly waiting: number
  constructor(waiting: number) {
    super(`${waiting} entries are not in a signed log yet`)
    this.waiting = waiting
  }
}
