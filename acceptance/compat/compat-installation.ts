/** One installation with a mailbox, an environment and a view of what was stored, for the clients of other systems. */
import pg from 'pg'
import { openInstallation, type Installation } from '../chaos/installation.ts'
import { takeFirstSteps, type FirstSteps } from '../paging/first-steps.ts'
import { startMailServer, type MailServer } from '../../src/server/testing/mail-server.ts'

export type StoredAlert = {
  readonly id: string
  readonly status: string
  readonly priority: number
  readonly name: string
  readonly summary: string
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  readonly leniencies: readonly string[]
  /** Of its last page; null when it never paged. */
  readonly page: string | null
}

export type CompatInstallation = {
  readonly mail: MailServer
  readonly installation: Installation
  readonly steps: FirstSteps
  readonly pool: pg.Pool
  /** An integration key of acme-prod. */
  readonly newKey: (name: string) => Promise<string>
  /** Oldest first. */
  readonly alertsNamed: (name: string) => Promise<StoredAlert[]>
  readonly close: () => Promise<void>
}

export const openCompatInstallation = async (): Promise<CompatInstallation> => {
  const mail = await startMailServer()
  // Each client waits for a mail of its own, and one person gets them all.
  const installation = await openInstallation({ SMTP_URL: mail.url, PAGE_BUNDLING: 'off' })
  await installation.start()
  const pool = new pg.Pool({ connectionString: installation.connectionString })
  pool.on('error', () => undefined)
  const steps = await takeFirstSteps(installation)
  return {
    mail,
    installation,
    steps,
    pool,
    newKey: async (name) =>
      ((await steps.post('/api/environments/acme-prod/keys', { name })) as { secret: string }).secret,
    alertsNamed: async (name) =>
      (
        await pool.query<StoredAlert>(
          `select a.*, (select p.status from pages p join page_alerts pa on pa.page_id = p.id
             where pa.alert_id = a.id order by p.requested_at desc limit 1) as page
           from alerts a where a.name = $1 order by a.opened_at, a.id`,
          [name],
        )
      ).rows,
    close: async () => {
      await pool.end()
      await installation.close()
      await mail.close()
    },
  }
}
