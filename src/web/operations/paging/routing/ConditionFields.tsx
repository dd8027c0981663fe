/** Which alerts are meant, in a form: everything that is filled in must fit. */
import { Checkbox, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { priorities } from '../../../shell/search.ts'
import type { ConditionDraft, Priority, ScopeDraft } from './condition-draft.ts'
import { LabelFields } from './LabelFields.tsx'
import { Picked } from './Picked.tsx'
import type { Choices } from './queries.ts'
import styles from './Routing.module.css'
import { t } from './words.ts'

type Part = { draft: ConditionDraft; onChange: (change: Partial<ConditionDraft>) => void }

const Priorities = ({ draft, onChange }: Part) => {
  const toggled = (level: Priority): readonly Priority[] =>
    priorities.filter((each) => draft.priorities.includes(each) !== (each === level))
  return (
    <fieldset className={styles.group}>
      <legend className={form.legend}>{t('priorities')}</legend>
      <div className={styles.choices}>
        {priorities.map((level) => (
          <Checkbox
            key={level}
            label={level}
            checked={draft.priorities.includes(level)}
            onChange={() => onChange({ priorities: toggled(level) })}
          />
        ))}
      </div>
      <p className="dim">{t('priorities-hint')}</p>
    </fieldset>
  )
}

/** Clusters and labels: the part that windows of maintenance name too. */
export const ScopeFields = ({
  draft,
  onChange,
}: {
  draft: ScopeDraft
  onChange: (change: Partial<ScopeDraft>) => void
}) => (
  <>
    <TextField
      label={t('clusters')}
      hint={t('clusters-hint')}
      optional
      maxLength={4_000}
      value={draft.clusters}
      onChange={({ target }) => onChange({ clusters: target.value })}
    />
    <LabelFields labels={draft.labels} onChange={(labels) => onChange({ labels })} />
  </>
)

export const ConditionFields = ({ draft, onChange, choices }: Part & { choices: Choices }) => (
  <>
    <Priorities draft={draft} onChange={onChange} />
    <Select
      label={t('hours')}
      value={draft.hours}
      onChange={({ target }) => onChange({ hours: target.value as ConditionDraft['hours'] })}
      choices={[
        { value: '', label: t('hours-any') },
        { value: 'within', label: t('when-within') },
        { value: 'outside', label: t('when-outside') },
      ]}
    />
    <Picked
      label={t('environments')}
      adding={t('add-environment')}
      picked={draft.environments}
      choices={choices.environments}
      nameOf={choices.nameOf}
      onChange={(environments) => onChange({ environments })}
    />
    <Picked
      label={t('customers')}
      adding={t('add-customer')}
      picked={draft.customers}
      choices={choices.customers}
      nameOf={choices.nameOf}
      onChange={(customers) => onChange({ customers })}
    />
    <ScopeFields draft={draft} onChange={onChange} />
  </>
)
