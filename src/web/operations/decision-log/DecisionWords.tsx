/** What a decision says, and said before: nothing is ever overwritten. */
import { Badge } from '../../parts/Badge.tsx'
import { Icon } from '../../parts/Icon.tsx'
import { Fact, Facts, Panel } from '../../parts/Page.tsx'
import { Prose } from '../../parts/Prose.tsx'
import { Timeline } from '../../parts/Timeline.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import styles from './DecisionView.module.css'
import type { DecisionDetail, Terms } from './queries.ts'
import { t } from './words.ts'

const Part = ({ name, text }: { name: string; text: string }) =>
  text.trim() === '' ? null : (
    <section className={styles.part}>
      <h2>{name}</h2>
      <Prose text={text} />
    </section>
  )

const Options = ({ options }: { options: Terms['options'] }) =>
  options.length === 0 ? null : (
    <section className={styles.part}>
      <h2>{t('options')}</h2>
      <ul className={styles.options}>
        {options.map((option) => (
          <li key={option.title} data-chosen={option.chosen || undefined}>
            <span className={styles.tick}>{option.chosen ? <Icon name="check" size={14} /> : null}</span>
            <div>
              <p className={styles.option}>
                {option.title}
                {option.chosen ? <span className="dim"> · {t('option-chosen')}</span> : null}
              </p>
              {option.note ? <p className="dim wrap">{option.note}</p> : null}
            </div>
          </li>
        ))}
      </ul>
    </section>
  )

export const TermsWords = ({ terms }: { terms: Terms }) => (
  <div className={styles.terms}>
    <Part name={t('what')} text={terms.what} />
    <Part name={t('why')} text={terms.why} />
    <Options options={terms.options} />
    <Part name={t('risk')} text={terms.risk} />
    <Part name={t('rollback')} text={terms.rollback} />
  </div>
)

export const TermsPanel = ({ terms }: { terms: Terms }) => (
  <Panel>
    <TermsWords terms={terms} />
  </Panel>
)

export const GlassPanel = ({
  decision,
  glass,
}: {
  decision: DecisionDetail
  glass: NonNullable<DecisionDetail['glass']>
}) => (
  <Panel title={<Badge tone={decision.owed?.overdue ? 'red' : 'amber'}>{t('glass')}</Badge>}>
    <div className={styles.terms}>
      <Prose text={glass.why} />
      <Facts>
        {glass.writtenUp ? (
          <Fact name={t('glass-written-up')}>
            {glass.writtenUp.by.name}, <TimeText at={glass.writtenUp.at} />
            <Prose text={glass.writtenUp.result} />
          </Fact>
        ) : (
          <Fact name={t('glass-write-up-by')}>
            <TimeText at={glass.writeUpBy} show="exact" />
            <p className="dim">{t('glass-not-written')}</p>
          </Fact>
        )}
        {glass.review ? (
          <Fact name={t('glass-reviewed', { verdict: t(`verdict-${glass.review.verdict}`) })}>
            {glass.review.by.name}, <TimeText at={glass.review.at} />
            <Prose text={glass.review.note} />
          </Fact>
        ) : (
          <Fact name={t('glass-review-by')}>
            <TimeText at={glass.reviewBy} show="exact" />
          </Fact>
        )}
      </Facts>
    </div>
  </Panel>
)

/** Each entry can be opened and read as it was said. */
export const Entries = ({ decision }: { decision: DecisionDetail }) =>
  decision.entries.length === 0 ? null : (
    <Panel title={t('history')}>
      <Timeline
        label={t('history')}
        moments={decision.entries.toReversed().map((entry, position, all) => ({
          key: `${entry.at} ${all.length - position}`,
          at: entry.at,
          by: entry.by.name,
          what: entry.reason,
          detail:
            all.length > 1 ? (
              <details className={styles.entry}>
                <summary>{t('as-said')}</summary>
                <TermsWords terms={entry.terms} />
              </details>
            ) : null,
        }))}
      />
    </Panel>
  )
