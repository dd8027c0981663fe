/** The rules in their order, as sentences; who may change them arranges them by dragging, by buttons, by Alt and an arrow. */
import { Button } from '../../../parts/Button.tsx'
import form from '../../../parts/Form.module.css'
import { Ordered } from '../../../parts/Ordered.tsx'
import { useReader } from '../../../parts/reader.ts'
import type { Choices, Rule } from './queries.ts'
import styles from './Routing.module.css'
import type { Keyed } from './rule-draft.ts'
import { ruleInWords } from './sentence.ts'
import { t } from './words.ts'

const Sentence = ({ rule, nameOf }: { rule: Rule; nameOf: Choices['nameOf'] }) => {
  const reader = useReader()
  return (
    <div className={styles.words}>
      <p className={styles.name}>{rule.name}</p>
      <p>{ruleInWords(rule, nameOf, reader)}</p>
    </div>
  )
}

export const RuleList = ({
  rules,
  nameOf,
  faultOf,
  onChange,
  onEdit,
}: {
  rules: readonly Keyed[]
  nameOf: Choices['nameOf']
  faultOf: (place: number) => string | undefined
  /** Absent for who only reads. */
  onChange: ((rules: readonly Keyed[]) => void) | undefined
  onEdit: (key: number) => void
}) =>
  onChange ? (
    <Ordered
      label={t('rules')}
      rows={rules}
      nameOf={({ rule }) => rule.name}
      onChange={onChange}
      numbered
      wordy
    >
      {({ key, rule }, place) => (
        <div className={styles.rule}>
          <Sentence rule={rule} nameOf={nameOf} />
          {faultOf(place) ? (
            <p role="alert" className={form.fault}>
              {faultOf(place)}
            </p>
          ) : null}
          <Button size="small" aria-label={t('edit-rule', rule)} onClick={() => onEdit(key)}>
            {t('edit')}
          </Button>
        </div>
      )}
    </Ordered>
  ) : (
    <ol className={styles.plain} aria-label={t('rules')}>
      {rules.map(({ key, rule }) => (
        <li key={key}>
          <Sentence rule={rule} nameOf={nameOf} />
        </li>
      ))}
    </ol>
  )
