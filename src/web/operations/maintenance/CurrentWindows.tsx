/** On the home view: windows that last or are planned. Where there is none, nothing is said. */
import { useQuery } from '@tanstack/react-query'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Panel } from '../../parts/Page.tsx'
import { currentWindowsQuery } from './queries.ts'
import { WindowRows } from './WindowRows.tsx'
import { t } from './words.ts'

const CurrentWindows = () => {
  const { data, error, refetch } = useQuery(currentWindowsQuery)
  if (!data) return error ? <ErrorNote error={error} onRetry={refetch} small /> : null
  if (data.rows.length === 0) return null
  // What keeps quiet now is what a person at night must not miss.
  const rows = data.rows.toSorted((a, b) => Number(b.state === 'lasting') - Number(a.state === 'lasting'))
  return (
    <Panel title={t('windows-now')} flush>
      <WindowRows rows={rows} label={t('windows-now')} named />
    </Panel>
  )
}
export default CurrentWindows
