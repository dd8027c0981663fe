/** Windows in a panel: what, until when, and how much they keep quiet. */
import { dayAndTime } from '../../messages/format.ts'
import { useReader } from '../../parts/reader.ts'
import { Row, Rows } from '../../parts/Rows.tsx'
import { titleOf } from '../decision-log/DecisionStatus.tsx'
import type { WindowRow } from './queries.ts'
import { WindowState } from './WindowState.tsx'
import { t } from './words.ts'

export const WindowRows = ({
  rows,
  label,
  named = false,
}: {
  rows: readonly WindowRow[]
  label: string
  /** Where the decision is not what the panel is about. */
  named?: boolean
}) => {
  const reader = useReader()
  return (
    <Rows label={label}>
      {rows.map((window) => (
        <Row
          key={window.id}
          link={{ to: '/windows/$windowId', params: { windowId: window.id } }}
          stacked
          title={
            named
              ? `${window.environment.slug} ${window.decision.number} ${titleOf(window.decision.what)}`
              : `${dayAndTime(window.startsAt, reader)} – ${dayAndTime(window.endsAt, reader)}`
          }
          note={
            <>
              <WindowState {...window} />{' '}
              {named
                ? t(window.state === 'planned' ? 'from' : 'until', {
                    when: dayAndTime(window.state === 'planned' ? window.startsAt : window.endsAt, reader),
                  })
                : null}
              {window.suppressedCount > 0
                ? ` · ${t('suppressed-count', { count: window.suppressedCount })}`
                : null}
            </>
          }
        />
      ))}
    </Rows>
  )
}
