/** The rule an alert came from: what it asks of Prometheus, as it stands in its file. */
import { Panel } from '../../parts/Page.tsx'
import type { AlertDetail } from './queries.ts'
import styles from './AlertView.module.css'
import { t } from './words.ts'

export const RuleOfAlert = ({ rule }: { rule: NonNullable<AlertDetail['rule']> }) => (
  <Panel title={t('rule')}>
    {/* It may be longer than the panel is wide: then it is scrolled, also by keys. */}
    {/* oxlint-disable-next-line jsx-a11y/no-noninteractive-tabindex */}
    <pre className={styles.expression} tabIndex={0} aria-label={t('rule-expression')}>
      {rule.expression}
    </pre>
    <p className={styles.place}>
      {rule.holdsFor === null ? t('rule-at-once') : t('rule-holds-for', { length: rule.holdsFor })} ·{' '}
      {rule.file}:{rule.line}
    </p>
  </Panel>
)
