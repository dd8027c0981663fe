/** The fields of an escalation policy beside what a page would do under it. */
import { useState, type FormEvent } from 'react'
import { Button } from '../../../parts/Button.tsx'
import { ErrorNote } from '../../../parts/ErrorNote.tsx'
import { Select, TextField } from '../../../parts/Field.tsx'
import form from '../../../parts/Form.module.css'
import { Ordered } from '../../../parts/Ordered.tsx'
import { Panel } from '../../../parts/Page.tsx'
import { isFailure } from '../../../shell/failure.ts'
import type { Policy } from '../queries.ts'
import styles from './Editing.module.css'
import { NameFields, type Faults } from './NameFields.tsx'
import { Overtaken } from './Overtaken.tsx'
import {
  definitionOf,
  emptyPolicy,
  isWhole,
  newStep,
  policyDraftOf,
  type PolicyDraft,
  type StepDraft,
} from './policy-draft.ts'
import { PolicyPreview } from './PolicyPreview.tsx'
import { SaveBar } from './SaveBar.tsx'
import { useSavePolicy } from './save-policy.ts'
import { Targets } from './Targets.tsx'
import { useWhom, type Whom } from './whom.ts'
import { t } from './words.ts'

const MOST_STEPS = 10

const Step = ({
  step,
  place,
  whom,
  faults,
  onChange,
}: {
  step: StepDraft
  place: number
  whom: Whom
  faults: Faults
  onChange: (step: StepDraft) => void
}) => (
  <div className={styles.step}>
    <h3>{place === 0 ? t('step-first') : t('step-numbered', { count: place + 1 })}</h3>
    {place === 0 ? null : (
      <TextField
        label={t('step-delay')}
        type="number"
        inputMode="numeric"
        min={1}
        max={1440}
        required
        value={step.minutes}
        fault={faults[`steps.${place}.afterMinutes`]}
        onChange={(event) => onChange({ ...step, minutes: event.target.value })}
      />
    )}
    {place === 0 ? null : (
      <TextField
        label={t('step-of-response')}
        hint={t('step-of-response-hint')}
        type="number"
        inputMode="numeric"
        min={5}
        max={100}
        optional
        value={step.ofResponse}
        fault={faults[`steps.${place}.ofResponse`]}
        onChange={(event) => onChange({ ...step, ofResponse: event.target.value })}
      />
    )}
    {place === 0 ? null : (
      <Select
        label={t('step-unless')}
        value={step.unlessClosed ? 'closed' : 'acknowledged'}
        onChange={(event) => onChange({ ...step, unlessClosed: event.target.value === 'closed' })}
        choices={[
          { value: 'acknowledged', label: t('unless-acknowledged') },
          { value: 'closed', label: t('unless-closed') },
        ]}
      />
    )}
    <Targets
      label={t('targets')}
      targets={step.targets}
      whom={whom}
      withRotas
      faultOf={(target) => faults[`steps.${place}.targets.${target}`]}
      onChange={(targets) => onChange({ ...step, targets })}
    />
  </div>
)

const Steps = ({
  draft,
  whom,
  faults,
  onChange,
}: {
  draft: PolicyDraft
  whom: Whom
  faults: Faults
  onChange: (steps: readonly StepDraft[]) => void
}) => (
  <Panel title={t('steps')}>
    <div className={form.form}>
      <Ordered
        label={t('steps')}
        rows={draft.steps}
        nameOf={(_, place) => t('step-name', { count: place + 1 })}
        onChange={onChange}
        draggable={false}
      >
        {(step, place) => (
          <Step
            step={step}
            place={place}
            whom={whom}
            faults={faults}
            onChange={(changed) => onChange(draft.steps.with(place, changed))}
          />
        )}
      </Ordered>
      <div>
        <Button
          icon="plus"
          size="small"
          disabled={draft.steps.length >= MOST_STEPS}
          onClick={() => onChange([...draft.steps, newStep('10')])}
        >
          {t('add-step')}
        </Button>
      </div>
    </div>
  </Panel>
)

const Last = ({
  draft,
  whom,
  faults,
  onChange,
}: {
  draft: PolicyDraft
  whom: Whom
  faults: Faults
  onChange: (change: Partial<PolicyDraft>) => void
}) => (
  <Panel title={t('fallback')}>
    <div className={form.form}>
      <Select
        label={t('repeat')}
        value={draft.repeat}
        fault={faults['repeat']}
        onChange={(event) => onChange({ repeat: event.target.value })}
        choices={Array.from({ length: 10 }, (_, count) => ({
          value: String(count),
          label: count === 0 ? t('repeat-never') : t('repeat-times', { count }),
        }))}
      />
      <p className="dim">{t('fallback-text')}</p>
      <Targets
        label={t('fallback')}
        targets={draft.fallback}
        whom={whom}
        withRotas={false}
        faultOf={(target) => faults[`fallback.${target}`]}
        onChange={(fallback) => onChange({ fallback })}
      />
    </div>
  </Panel>
)

const meaningOf = (draft: PolicyDraft): string =>
  JSON.stringify([draft.name, draft.slug, definitionOf(draft)])

const usePolicyDraft = (latest: Policy | undefined) => {
  const [base, setBase] = useState(latest)
  const first = (): PolicyDraft => (latest ? policyDraftOf(latest) : emptyPolicy())
  const [untouched, setUntouched] = useState(first)
  const [draft, setDraft] = useState(untouched)
  return {
    base,
    draft,
    unsaved: meaningOf(draft) !== meaningOf(untouched),
    change: (change: Partial<PolicyDraft>) => setDraft((before) => ({ ...before, ...change })),
    discard: () => setDraft(untouched),
    rebase: (keep: boolean) => {
      setBase(latest)
      setUntouched(first())
      if (!keep) setDraft(first())
    },
  }
}

export const PolicyForm = ({ latest }: { latest?: Policy }) => {
  const { base, draft, unsaved, change, discard, rebase } = usePolicyDraft(latest)
  const whom = useWhom(base)
  const save = useSavePolicy(base)
  const failure = isFailure(save.error) ? save.error : undefined
  const faults = failure?.fields ?? {}
  const overtaken = base && latest && latest.version !== base.version && !save.isSuccess
  const definition = definitionOf(draft)
  const edit = (changed: Partial<PolicyDraft>): void => {
    if (save.error) save.reset()
    change(changed)
  }
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    if (!overtaken) save.mutate(draft)
  }
  return (
    <form className={styles.editor} onSubmit={submit} data-editor="">
      <div className={styles.fields}>
        {overtaken ? (
          <Overtaken
            name={latest.name}
            mine={base.version}
            theirs={latest.version}
            onKeep={() => rebase(true)}
            onTake={() => rebase(false)}
          />
        ) : null}
        <NameFields draft={draft} isNew={!base} faults={faults} onChange={edit} />
        <Steps draft={draft} whom={whom} faults={faults} onChange={(steps) => edit({ steps })} />
        <Last draft={draft} whom={whom} faults={faults} onChange={edit} />
        {failure && failure.code !== 'conflict' ? <ErrorNote error={failure} small /> : null}
      </div>
      <div className={styles.shown}>
        <PolicyPreview base={base} definition={definition} whom={whom} />
      </div>
      <SaveBar
        action={base ? t('save-policy') : t('create-policy')}
        unsaved={unsaved}
        busy={save.isPending}
        disabled={!unsaved || !isWhole(definition) || Boolean(overtaken)}
        onDiscard={() => {
          save.reset()
          discard()
        }}
      />
    </form>
  )
}
