/** One rule in a form: which alerts it fits, and what becomes of them. It goes into the list that is kept as a whole. */
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { FormActions, Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { ConditionFields } from './ConditionFields.tsx'
import type { Choices, Rule } from './queries.ts'
import { draftOf, idOf, isWhole, ruleOf, type RuleDraft } from './rule-draft.ts'
import { t } from './words.ts'

type Part = { draft: RuleDraft; onChange: (change: Partial<RuleDraft>) => void }

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
        <ConditionFields draft={draft} onChange={set} choices={choices} />
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
