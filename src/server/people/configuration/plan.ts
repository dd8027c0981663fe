/** What would have to change: the document compared with what is stored, section by section. */
import type { ConfigurationChange } from '../../../contract/people/configuration.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { changesBetween } from '../changes.ts'
import { documentFault, type LineFault } from './document-fault.ts'
import type { ReadDocument } from './document.ts'
import {
  configurationSections,
  EntryFault,
  type ConfigurationSection,
  type EntryPath,
  type Placed,
} from './section.ts'

type Section = ConfigurationSection<object>
type Entry = Readonly<Record<string, unknown>>

/** One step of an application, with the place in the document that asks for it. */
export type Step = {
  readonly section: Section
  readonly name: string
  readonly path: EntryPath
  readonly change: ConfigurationChange
  readonly entry?: object
  readonly restore?: true
}

const placedIn = (section: Section, { document }: ReadDocument): Placed<object>[] => {
  if (section.placement) return [...section.placement.find(document)]
  const list = (document[section.key] ?? []) as object[]
  return list.map((entry, index) => ({ entry, path: [section.key, index] }))
}

const isCovered = (section: Section, { document }: ReadDocument, name: string): boolean =>
  section.placement ? section.placement.covers(document, name) : document[section.key] !== undefined

type Wanted = { readonly section: Section; readonly placed: ReadonlyMap<string, Placed<object>> }

/** Entries by name, in their canonical spelling. */
const gather = (section: Section, read: ReadDocument, faults: LineFault[]): Wanted => {
  const placed = new Map<string, Placed<object>>()
  for (const { entry, path } of placedIn(section, read)) {
    const name = section.nameOf(entry)
    if (placed.has(name))
      faults.push({ line: read.lineOf(path), path, detail: `there is a ${section.kind} ${name} already` })
    try {
      placed.set(name, { entry: section.canonical ? section.canonical(entry) : entry, path })
    } catch (error) {
      if (!(error instanceof EntryFault)) throw error
      for (const fault of error.faults)
        faults.push({
          line: read.lineOf([...path, ...fault.path]),
          path: [...path, ...fault.path],
          detail: fault.detail,
        })
      placed.set(name, { entry, path })
    }
  }
  return { section, placed }
}

type State = Wanted & {
  readonly current: ReadonlyMap<string, Entry>
  readonly archived: ReadonlySet<string>
  readonly gone: readonly string[]
}

const checkReferences = (states: readonly State[], read: ReadDocument, faults: LineFault[]): void => {
  const existing = new Map<string, Set<string>>()
  for (const { section, placed, current, gone } of states) {
    if (section.placement) continue
    const names = new Set([...current.keys()].filter((name) => !gone.includes(name)))
    for (const name of placed.keys()) names.add(name)
    existing.set(section.key, names)
  }
  for (const { section, placed } of states) {
    for (const { entry, path } of placed.values()) {
      for (const reference of section.references?.(entry) ?? []) {
        if (existing.get(reference.section)?.has(reference.name)) continue
        const where = [...path, ...reference.path]
        const detail = `there is no ${reference.name} among the ${reference.section}`
        faults.push({ line: read.lineOf(where), path: where, detail })
      }
    }
  }
}

const stepsOf = ({ section, placed, current, archived }: State): Step[] =>
  [...placed].flatMap(([name, { entry, path }]): Step[] => {
    const before = current.get(name)
    const restored = before === undefined && archived.has(name)
    const fields = changesBetween(before ?? {}, entry as Entry)
    const about = { section, name, path, entry }
    const kind = section.kind
    if (restored) {
      // What an archived entry was is not compared: it comes back, then becomes what the document says.
      const all = [{ field: 'archived', from: true, to: false }, ...fields]
      return [{ ...about, restore: true, change: { kind, name, action: 'update', fields: all } }]
    }
    if (before === undefined) return [{ ...about, change: { kind, name, action: 'create', fields } }]
    return fields.length === 0 ? [] : [{ ...about, change: { kind, name, action: 'update', fields } }]
  })

const readState = async (db: Db | Tx, wanted: Wanted, read: ReadDocument, prune: boolean): Promise<State> => {
  const { section, placed } = wanted
  const entries = await section.read(db)
  const current = new Map(entries.map((entry) => [section.nameOf(entry), entry as Entry]))
  const gone = prune
    ? [...current.keys()].filter((name) => !placed.has(name) && isCovered(section, read, name))
    : []
  return { section, placed, current, archived: new Set(await section.archived?.(db)), gone }
}

export type Plan = {
  readonly sections: readonly Section[]
  /** What to create and change in one section, and what goes later; asked after the sections before it were applied. */
  readonly next: (section: Section) => Promise<{ steps: Step[]; removals: Step[] }>
}

const removalOf =
  (section: Section) =>
  (name: string): Step => ({
    section,
    name,
    path: [],
    change: { kind: section.kind, name, action: 'delete', fields: [] },
  })

/** Checks the whole document first. @throws Fault that names lines */
export const planChanges = async (db: Db | Tx, read: ReadDocument, prune: boolean): Promise<Plan> => {
  const faults: LineFault[] = []
  const sections = configurationSections()
  const wanted = new Map(sections.map((section) => [section, gather(section, read, faults)]))
  const stateOf = (section: Section) => readState(db, wanted.get(section) as Wanted, read, prune)
  const states: State[] = []
  for (const section of sections) states.push(await stateOf(section))
  checkReferences(states, read, faults)
  if (faults.length > 0) throw documentFault(faults)
  return {
    sections,
    // Read anew: an environment that came back brought its clusters along.
    next: async (section) => {
      const state = await stateOf(section)
      return { steps: stepsOf(state), removals: state.gone.map(removalOf(section)) }
    },
  }
}
