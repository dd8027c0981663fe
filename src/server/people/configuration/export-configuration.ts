/** The configuration as a document: everything in use, in a fixed order, nothing secret. */
import { CONFIGURATION_VERSION } from '../../../contract/people/configuration.ts'
import type { Ctx } from '../../platform/context.ts'
import type { Db, Tx } from '../../platform/database.ts'
import { read } from '../../platform/record.ts'
import { findInstallation } from '../installation/store.ts'
import { configurationSections, type ConfigurationDocument } from './section.ts'

const withoutNulls = (value: unknown): unknown => {
  if (Array.isArray(value)) return value
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).filter(([, part]) => part !== null && part !== undefined))
}

export const currentDocument = async (db: Db | Tx): Promise<ConfigurationDocument> => {
  const document: Record<string, unknown> = {
    version: CONFIGURATION_VERSION,
    organisation: (await findInstallation(db))?.organisation ?? '',
  }
  for (const section of configurationSections()) {
    const entries = await section.read(db)
    if (section.placement) section.placement.put(document, entries)
    else document[section.key] = entries.map(withoutNulls)
  }
  return document
}

export const exportConfiguration = (ctx: Ctx): Promise<{ document: string }> =>
  read(ctx, async (db) => {
    const schema = `${ctx.platform.config.baseUrl}/schema/configuration.json`
    const { writeYaml } = await import('./yaml-text.ts')
    const text = writeYaml(await currentDocument(db))
    return { document: `# yaml-language-server: $schema=${schema}\n${text}` }
  })
