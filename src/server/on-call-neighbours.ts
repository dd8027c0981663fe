/** What rotas show of areas that stand on them: the pages that came in a shift, and the holidays of service hours. */
import { allHours } from './operations/paging/routing/store.ts'
import { pagesToldTo } from './operations/paging/intent-store.ts'
import type { OnCallNeighbours } from './operations/on-call/index.ts'

export const onCallNeighbours: OnCallNeighbours = {
  pagesTold: pagesToldTo,
  holidaysIn: async (db, zone) => {
    const inZone = (await allHours(db)).filter((hours) => hours.archivedAt === null && hours.zone === zone)
    return [...new Set(inZone.flatMap(({ holidays }) => holidays))].sort()
  },
}
