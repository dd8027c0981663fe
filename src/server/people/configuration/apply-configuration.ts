/** Makes the installation as a document says: in one transaction, through the same rules as everything else, or not at all. */
import { createHash } from 'node:crypto'
import type { ConfigurationChange } from '../../../contract/people/configuration.ts'
import type { ErrorCode } from '../../../contract/errors.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault, refused, RefusalFault } from '../../platform/faults.ts'
import { NOTHING_CHANGED, record, type WriteTx } from '../../platform/record.ts'
import { accountExists } from '../accounts/create-account.ts'
import { changeOrganisation } from '../installation/rename-organisation.ts'
import { findInstallation, lockConfiguration } from '../installation/store.ts'
import { sayingWhatExists } from '../unique.ts'
import { documentFault } from './document-fault.ts'
import { readDocument, type ReadDocument } from './document.ts'
import { configurationApplied } from './events.ts'
import { planChanges, type Step } from './plan.ts'
import { EntryFault } from './section.ts'

type Input = { document: string; dryRun?: boolean | undefined; prune?: boolean | undefined }
type Outcome = { changes: ConfigurationChange[]; applied: boolean }

/** Ends a dry run: everything was done and checked, and is rolled back. */
class DryRunEnds extends Error {}

/** The same fault, said of the line that asked for it. */
const atLine = (error: unknown, step: Step, read: ReadDocument): unknown => {
  if (error instanceof EntryFault) {
    return documentFault(
      error.faults.map(({ path, detail }) => {
        const whole = [...step.path, ...path]
        return { line: read.lineOf(whole), path: whole, detail }
      }),
    )
  }
  if (!(error instanceof Fault) || error.status >= 500) return error
  const where = step.path.length > 0 ? `line ${read.lineOf(step.path)}` : 'not in the document'
  const detail = `Nothing was changed. ${where}, ${step.change.kind} ${step.name}: ${error.message}`
  const errors = [{ path: where, detail: error.message }]
  if (error instanceof RefusalFault) return refused({ refused: true, code: error.code, detail })
  return new Fault(error.code as ErrorCode, detail, { errors, cause: error })
}

const takeStep = async (tx: WriteTx, { section, name, change, entry, restore }: Step): Promise<void> => {
  if (change.action === 'delete') return section.archive(tx, name)
  if (entry === undefined) return undefined
  if (change.action === 'create') return section.create(tx, entry)
  if (restore) await section.restore?.(tx, name)
  return section.update(tx, entry, change.fields)
}

const organisationChange = async (
  tx: WriteTx,
  { document }: ReadDocument,
): Promise<ConfigurationChange[]> => {
  const wanted = document['organisation'] as string | undefined
  const from = (await findInstallation(tx.db))?.organisation
  if (wanted === undefined || from === wanted) return []
  await changeOrganisation(tx, wanted)
  return [
    {
      kind: 'organisation',
      name: wanted,
      action: 'update',
      fields: [{ field: 'organisation', from: from ?? null, to: wanted }],
    },
  ]
}

const applyAll = async (tx: WriteTx, read: ReadDocument, prune: boolean): Promise<ConfigurationChange[]> => {
  const changes = await organisationChange(tx, read)
  const take = async (step: Step): Promise<void> => {
    try {
      await sayingWhatExists(accountExists, () => takeStep(tx, step))
    } catch (error) {
      throw atLine(error, step, read)
    }
    changes.push(step.change)
  }
  const plan = await planChanges(tx.db, read, prune)
  const later: Step[] = []
  for (const section of plan.sections) {
    const { steps, removals } = await plan.next(section)
    for (const step of steps) await take(step)
    // What is created last goes first.
    later.unshift(...removals)
  }
  for (const step of later) await take(step)
  return changes
}

const counted = (changes: readonly ConfigurationChange[], action: string): number =>
  changes.filter((change) => change.action === action).length

export const applyConfiguration = async (ctx: Ctx, input: Input): Promise<Outcome> => {
  const read = await readDocument(input.document)
  const documentSha256 = createHash('sha256').update(input.document).digest('hex')
  let changes: ConfigurationChange[] = []
  try {
    await record(ctx, async (tx) => {
      // Two at once would each compare with what the other is about to change.
      await lockConfiguration(tx.db)
      changes = await applyAll(tx, read, input.prune === true)
      if (input.dryRun) throw new DryRunEnds()
      if (changes.length === 0) return NOTHING_CHANGED
      const installation = await findInstallation(tx.db)
      tx.append(configurationApplied, {
        stream: installation?.id ?? tx.id(),
        body: {
          documentSha256,
          created: counted(changes, 'create'),
          updated: counted(changes, 'update'),
          deleted: counted(changes, 'delete'),
        },
      })
      return undefined
    })
  } catch (error) {
    if (!(error instanceof DryRunEnds)) throw error
  }
  return { changes, applied: input.dryRun !== true }
}
