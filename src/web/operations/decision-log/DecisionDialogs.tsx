/** What can be done to a decision, each with what it asks for. */
import { useInfiniteQuery, useMutation } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Button, type ButtonTone } from '../../parts/Button.tsx'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextArea } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { CooperationFields, cooperationOf, type CooperationDraft } from './CooperationFields.tsx'
import { titleOf } from './DecisionStatus.tsx'
import { decisionQuery, decisionsQuery, type DecisionDetail } from './queries.ts'
import { draftOf, emptyTerms, termsOf } from './terms-draft.ts'
import { TermsFields } from './TermsFields.tsx'
import { t } from './words.ts'

export type DecisionVerb = 'decide' | 'amend' | 'supersede' | 'withdraw' | 'write-up' | 'review'
type Props = { readonly decision: DecisionDetail; readonly onClose: () => void }
type Word = Parameters<typeof t>[0]

const useVerb = (work: () => Promise<DecisionDetail>, done: Word, onClose: () => void) => {
  const verb = useMutation({
    mutationFn: work,
    onSuccess: (decision) => {
      queryClient.setQueryData(decisionQuery(decision.id).queryKey, decision)
      void queryClient.invalidateQueries({ queryKey: ['decisions'] })
      toast({ text: t('done', { number: decision.number, what: (t as (key: Word) => string)(done) }) })
      onClose()
    },
  })
  return { verb, faults: isFailure(verb.error) ? verb.error.fields : {} }
}

const Asked = ({
  title,
  explanation,
  verb,
  action,
  tone = 'primary',
  wide = false,
  onClose,
  children,
}: {
  title: string
  explanation?: string
  verb: ReturnType<typeof useVerb>['verb']
  action: string
  tone?: ButtonTone
  wide?: boolean
  onClose: () => void
  children: ReactNode
}) => {
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    verb.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={title} explanation={explanation} wide={wide}>
      <form onSubmit={submit} className={form.form}>
        {children}
        {verb.error ? <ErrorNote error={verb.error} small /> : null}
        <FormActions>
          <Button type="submit" tone={tone} busy={verb.isPending}>
            {action}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}

const alone: CooperationDraft = { how: 'internal', contactIds: [] }

const Decide = ({ decision, onClose }: Props) => {
  const { draft, set } = useDraft(alone)
  const { verb, faults } = useVerb(
    () =>
      api('POST /api/decisions/:decisionId/decide', {
        decisionId: decision.id,
        cooperation: cooperationOf(draft) ?? { kind: 'internal' },
      }),
    'made-decided',
    onClose,
  )
  return (
    <Asked title={t('decide-title', decision)} verb={verb} action={t('decide')} onClose={onClose}>
      <CooperationFields
        draft={draft}
        set={set}
        environment={decision.environment.slug}
        fault={faults['cooperation']}
      />
    </Asked>
  )
}

const Amend = ({ decision, onClose }: Props) => {
  const { zone } = useReader()
  const { draft, set, field } = useDraft(() => ({
    ...(decision.terms ? draftOf(decision.terms, zone) : emptyTerms),
    reason: '',
  }))
  const { verb, faults } = useVerb(
    () =>
      api('POST /api/decisions/:decisionId/amend', {
        decisionId: decision.id,
        ...termsOf(draft, zone),
        reason: draft.reason,
      }),
    'made-amended',
    onClose,
  )
  return (
    <Asked
      title={t('amend-title', decision)}
      explanation={t('amend-text')}
      verb={verb}
      action={t('amend')}
      wide
      onClose={onClose}
    >
      <TextArea label={t('amend-reason')} required rows={2} fault={faults['reason']} {...field('reason')} />
      <TermsFields draft={draft} set={set} faults={faults} />
    </Asked>
  )
}

const WriteUp = ({ decision, onClose }: Props) => {
  const { zone } = useReader()
  const { draft, set, field } = useDraft(() => ({ ...emptyTerms, ...alone, result: '' }))
  const { verb, faults } = useVerb(
    () =>
      api('POST /api/decisions/:decisionId/write-up', {
        decisionId: decision.id,
        ...termsOf(draft, zone),
        result: draft.result,
        cooperation: cooperationOf(draft) ?? { kind: 'internal' },
      }),
    'made-written-up',
    onClose,
  )
  return (
    <Asked
      title={t('write-up-title', decision)}
      explanation={t('write-up-text')}
      verb={verb}
      action={t('write-up')}
      wide
      onClose={onClose}
    >
      <TermsFields draft={draft} set={set} faults={faults} />
      <TextArea label={t('result')} required fault={faults['result']} {...field('result')} />
      <CooperationFields
        draft={draft}
        set={set}
        environment={decision.environment.slug}
        fault={faults['cooperation']}
      />
    </Asked>
  )
}

const Supersede = ({ decision, onClose }: Props) => {
  const others = useInfiniteQuery(decisionsQuery({ environment: decision.environment.slug }))
    .data?.pages.flatMap(({ rows }) => rows)
    .filter(({ id, status }) => id !== decision.id && (status === 'decided' || status === 'proposed'))
  const { draft, field } = useDraft({ supersededBy: '' })
  const { verb, faults } = useVerb(
    () => api('POST /api/decisions/:decisionId/supersede', { decisionId: decision.id, ...draft }),
    'made-superseded',
    onClose,
  )
  return (
    <Asked
      title={t('supersede-title', decision)}
      explanation={t('supersede-text')}
      verb={verb}
      action={t('supersede')}
      onClose={onClose}
    >
      <Select
        label={t('superseded-by')}
        required
        fault={faults['supersededBy']}
        {...field('supersededBy')}
        choices={[
          { value: '', label: '–' },
          ...(others ?? []).map(({ id, number, what }) => ({
            value: id,
            label: `${number} ${titleOf(what)}`,
          })),
        ]}
      />
    </Asked>
  )
}

const Withdraw = ({ decision, onClose }: Props) => {
  const { draft, field } = useDraft({ reason: '' })
  const { verb, faults } = useVerb(
    () => api('POST /api/decisions/:decisionId/withdraw', { decisionId: decision.id, ...draft }),
    'made-withdrawn',
    onClose,
  )
  return (
    <Asked
      title={t('withdraw-title', decision)}
      verb={verb}
      action={t('withdraw')}
      tone="danger"
      onClose={onClose}
    >
      <TextArea label={t('withdraw-reason')} required fault={faults['reason']} {...field('reason')} />
    </Asked>
  )
}

const Review = ({ decision, onClose }: Props) => {
  const { draft, field } = useDraft({ verdict: 'accepted', note: '' })
  const { verb, faults } = useVerb(
    () =>
      api('POST /api/decisions/:decisionId/review', {
        decisionId: decision.id,
        verdict: draft.verdict === 'objected' ? 'objected' : 'accepted',
        note: draft.note,
      }),
    'made-reviewed',
    onClose,
  )
  return (
    <Asked
      title={t('review-title', decision)}
      explanation={t('review-text')}
      verb={verb}
      action={t('review')}
      onClose={onClose}
    >
      <Select
        label={t('verdict')}
        {...field('verdict')}
        choices={[
          { value: 'accepted', label: t('review-accepted') },
          { value: 'objected', label: t('review-objected') },
        ]}
      />
      <TextArea label={t('review-note')} optional fault={faults['note']} {...field('note')} />
    </Asked>
  )
}

const dialogs = {
  decide: Decide,
  amend: Amend,
  supersede: Supersede,
  withdraw: Withdraw,
  'write-up': WriteUp,
  review: Review,
}

const DecisionDialogs = ({ verb, ...props }: Props & { verb: DecisionVerb }) => {
  const Asking = dialogs[verb]
  return <Asking {...props} />
}
export default DecisionDialogs
