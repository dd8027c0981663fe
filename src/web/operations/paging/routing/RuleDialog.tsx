/** One rule in a form: which alerts it fits, and what becomes of them. It goes into the list that is kept as a whole. */
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { Checkbox, FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { priorities } from '../../../shell/search.ts'
import { LabelFields } from './LabelFields.tsx'
import { Picked } from './Picked.tsx'
import type { Choices, Rule } from './queries.ts'
import styles from './Routing.module.css'
import { draftOf, idOf, isWhole, ruleOf, type Priority, type RuleDraft } from './rule-draft.ts'
import { t } from './words.ts'

type Part = { draft: RuleDraft; onChange: (change: Partial<RuleDraft>) => void }

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

const Does = ({ draft, onChange, choices }: Part & { choices: Choices }) => {
  // One that was archived since stays the choice until another is made.
  const gone = draft.policyId !== '' && !choices.policies.some(({ id }) => id === draft.policyId)
  return (
    <>
      <Select
        label={t('does')}
        value={draft.kind}
        onChange={({ target }) => onChange({ kind: target.value as RuleDraft['kind'] })}
        choices={(['page', 'wait', 'list'] as const).map((value) => ({
          value,
          label: t(`choose-${value}`),
        }))}
      />
      {draft.kind === 'list' ? null : (
        <Select
          label={t('policy')}
          value={draft.policyId}
          onChange={({ target }) => onChange({ policyId: target.value })}
          choices={[
            { value: '', label: t('policy-own') },
            ...(gone ? [{ value: draft.policyId, label: choices.nameOf(draft.policyId) }] : []),
            ...choices.policies.map(({ id, name }) => ({ value: id, label: name })),
          ]}
        />
      )}
    </>
  )
}

const Fits = ({ draft, onChange, choices }: Part & { choices: Choices }) => (
  <>
    <Priorities draft={draft} onChange={onChange} />
    <Select
      label={t('hours')}
      value={draft.hours}
      onChange={({ target }) => onChange({ hours: target.value as RuleDraft['hours'] })}
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

const RuleDialog = ({
  rule,
  taken,
  choices,
  onKeep,
  onClose,
}: {
  rule: Rule | undefined
  /** Ids of all rules. */
  taken: readonly string[]
  choices: Choices
  onKeep: (rule: Rule) => void
  onClose: () => void
}) => {
  const { draft, set, field } = useDraft<RuleDraft>(() => draftOf(rule))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (isWhole(draft)) onKeep(ruleOf(draft, rule?.id ?? idOf(draft.name, taken)))
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={rule ? t('edit-rule', rule) : t('rule-new')}
      explanation={t('rule-text')}
    >
      <form className={form.form} onSubmit={submit}>
        <TextField label={t('name')} hint={t('name-hint')} required maxLength={100} {...field('name')} />
        <Does draft={draft} onChange={set} choices={choices} />
        <Fits draft={draft} onChange={set} choices={choices} />
        <p className="dim">{t('keep-hint')}</p>
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" disabled={!isWhole(draft)}>
            {t('keep')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default RuleDialog
