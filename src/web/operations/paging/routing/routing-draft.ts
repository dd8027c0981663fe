/** The routing rules while somebody arranges them. */
import { api } from '../../../shell/api.ts'
import { useListDraft, type ListKind } from './list-draft.ts'
import { routingQuery, type Routing, type Rule } from './queries.ts'
import { t } from './words.ts'

const rules: ListKind<Routing, Rule> = {
  queryKey: routingQuery.queryKey,
  entriesOf: (standing) => standing.rules,
  put: (entries, ifVersion) => api('PUT /api/routing-rules', { rules: [...entries], ifVersion }),
  said: () => ({ saved: t('saved'), undone: t('undone') }),
}

export const useRoutingDraft = (latest: Routing) => useListDraft(rules, latest)
