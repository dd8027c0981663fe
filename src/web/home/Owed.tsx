/** Decisions that were skipped in an emergency and are owed. */
import { useQuery } from '@tanstack/react-query'
import { owedDecisionsQuery } from '../operations/decision-log/queries.ts'
import { DecisionStatus, titleOf } from '../operations/decision-log/DecisionStatus.tsx'
import { Panel } from '../parts/Page.tsx'
import { Row, Rows } from '../parts/Rows.tsx'
import { TimeText } from '../parts/TimeText.tsx'
import { Settled } from '../parts/Settled.tsx'
import { t } from './words.ts'

export const Owed = () => {
  const query = useQuery(owedDecisionsQuery)
  const rows = query.data?.rows
  const filled = rows !== undefined && rows.length > 0
  return (
    <Panel title={t('owed')} flush={filled}>
      <Settled query={query}>
        {() =>
          filled ? (
            <Rows label={t('owed')}>
              {rows.map((decision) => (
                <Row
                  key={decision.id}
                  link={{ to: '/decisions/$decisionId', params: { decisionId: decision.id } }}
                  stacked
                  lead={<span className="number dim">{decision.number}</span>}
                  title={titleOf(decision.what)}
                  note={
                    <>
                      <DecisionStatus decision={decision} />{' '}
                      {decision.owed ? <TimeText at={decision.owed.dueAt} still /> : null}
                    </>
                  }
                />
              ))}
            </Rows>
          ) : (
            <p className="dim">{t('nothing-owed')}</p>
          )
        }
      </Settled>
    </Panel>
  )
}
