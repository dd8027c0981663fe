/** One alert policy in a form: which alerts it fits, and what it does to them. It goes into the list that is kept as a whole. */
import type { FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { Dialog } from '../../../parts/Dialog.tsx'
import { useDraft } from '../../../parts/draft.ts'
import { Checkbox, FormActions, Select, TextArea, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { priorities } from '../../../shell/search.ts'
import { ConditionFields } from '../../paging/routing/ConditionFields.tsx'
import type { Choices } from '../../paging/routing/queries.ts'
import { idOf } from '../../paging/routing/rule-draft.ts'
import { readLabels } from '../../paging/routing/try-labels.ts'
import { draftOf, KINDS, policyOf, type PolicyDraft } from './policy-draft.ts'
import type { Policy } from './queries.ts'
import { t } from './words.ts'

const PLACES = '{{message}} {{name}} {{priority}} {{labels.cluster}} {{annotations.summary}}'

type TextName = Exclude<keyof PolicyDraft, 'labels' | 'priorities' | 'customers' | 'environments' | 'last'>
type Part = {
  draft: PolicyDraft
  field: <Name extends TextName>(
    name: Name,
  ) => { value: string; onChange: (event: { target: { value: string } }) => void }
}

const Rewrite = ({ draft, field }: Part) => {
  const { fault } = readLabels(draft.details)
  const hint = t('template-hint', { places: PLACES })
  return (
    <>
      <TextField label={t('field-message')} hint={hint} optional maxLength={1_000} {...field('message')} />
      <TextArea label={t('field-description')} optional maxLength={1_000} {...field('description')} />
      <Select
        label={t('field-priority')}
        choices={[
          { value: '', label: t('as-sent') },
          ...priorities.map((value) => ({ value, label: value })),
        ]}
        {...field('priority')}
      />
      <div className={form.pair}>
        <TextField label={t('field-add-tags')} hint={t('parted-hint')} optional {...field('addTags')} />
        <TextField label={t('field-remove-tags')} optional {...field('removeTags')} />
      </div>
      <TextArea
        label={t('field-details')}
        hint={t('details-hint')}
        optional
        fault={fault === undefined ? undefined : t('details-fault', { count: fault })}
        {...field('details')}
      />
    </>
  )
}

const Numbers = ({ draft, field }: Part) => {
  const number = { type: 'number', min: 1, inputMode: 'numeric' } as const
  switch (draft.kind) {
    case 'delay':
      return (
        <div className={form.pair}>
          <TextField label={t('field-minutes')} optional {...number} {...field('minutes')} />
          <TextField label={t('field-occurrences')} optional {...number} {...field('occurrences')} />
        </div>
      )
    case 'auto-close':
      return <TextField label={t('field-silent')} required {...number} {...field('minutes')} />
    case 'damp':
      return (
        <>
          <div className={form.pair}>
            <TextField label={t('field-times')} required {...number} {...field('times')} />
            <TextField label={t('field-within')} required {...number} {...field('within')} />
          </div>
          <TextField label={t('field-stay')} required {...number} {...field('minutes')} />
        </>
      )
    case 'deduplicate':
      return (
        <TextField
          label={t('field-alias')}
          hint={t('template-hint', { places: PLACES })}
          required
          maxLength={1_000}
          {...field('alias')}
        />
      )
    case 'rewrite':
      return <Rewrite draft={draft} field={field} />
    case 'suppress':
    case 'always-page':
    case 'never-damp':
      return null
  }
}

const PolicyDialog = ({
  policy,
  taken,
  choices,
  onKeep,
  onClose,
}: {
  policy: Policy | undefined
  /** Ids of all policies. */
  taken: readonly string[]
  choices: Choices
  onKeep: (policy: Policy) => void
  onClose: () => void
}) => {
  const { draft, set } = useDraft<PolicyDraft>(() => draftOf(policy))
  const field: Part['field'] = (name) => ({
    value: draft[name],
    onChange: ({ target }) => set({ [name]: target.value } as Partial<PolicyDraft>),
  })
  const whole = policyOf(draft, policy?.id ?? idOf(draft.name, taken))
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (whole) onKeep(whole)
  }
  return (
    <Dialog
      open
      wide
      onClose={onClose}
      title={policy ? t('edit-policy', policy) : t('policy-new')}
      explanation={t('policy-text')}
    >
      <form className={form.form} onSubmit={submit}>
        <TextField label={t('name')} hint={t('name-hint')} required maxLength={100} {...field('name')} />
        <Select
          label={t('does')}
          choices={KINDS.map((value) => ({ value, label: t(`choose-${value}`) }))}
          {...field('kind')}
        />
        <Numbers draft={draft} field={field} />
        <ConditionFields draft={draft} onChange={set} choices={choices} />
        <Checkbox
          label={t('last')}
          checked={draft.last}
          onChange={({ target }) => set({ last: target.checked })}
        />
        <p className="dim">{t('keep-hint')}</p>
        <FormActions>
          <Button onClick={onClose}>{t('cancel')}</Button>
          <Button type="submit" tone="primary" disabled={!whole}>
            {t('keep')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default PolicyDialog
