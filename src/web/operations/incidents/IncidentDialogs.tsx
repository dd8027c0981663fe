/** What the cockpit asks: impact, help, a ticket, and the steps that end or reopen an incident. */
import { useQuery } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { ROLES, type Role } from '../../../domain/people/permissions.ts'
import { Button } from '../../parts/Button.tsx'
import { instantOf, wallFields } from '../../parts/days.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextArea, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { staffQuery } from '../../people/accounts/queries.ts'
import { isFailure } from '../../shell/failure.ts'
import { useIncidentCommand, type IncidentCommandInput } from './incident-command.ts'
import type { Incident } from './queries.ts'
import { SeverityField, severityOf } from './SeverityField.tsx'
import { roleName } from '../../people/accounts/role-name.ts'
import { t } from './words.ts'

export type IncidentQuestion = 'impact' | 'help' | 'ticket' | 'mitigate' | 'resolve' | 'reopen'
type Props = { readonly incident: Incident; readonly onClose: () => void }

const Asked = ({
  incident,
  title,
  explanation,
  action,
  command,
  onClose,
  children,
}: Props & {
  title: string
  explanation?: string
  action: string
  command: () => IncidentCommandInput
  children: (faults: Readonly<Record<string, string>>) => ReactNode
}) => {
  const { mutate, error, isPending } = useIncidentCommand(incident.id, true)
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    mutate(command(), { onSuccess: onClose })
  }
  return (
    <Dialog open onClose={onClose} title={title} explanation={explanation}>
      <form onSubmit={submit} className={form.form}>
        {children(isFailure(error) ? error.fields : {})}
        {error ? <ErrorNote error={error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={isPending}>
            {action}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}

type When = { date: string; time: string }
const instantFrom = ({ date, time }: When, zone: string): number | undefined =>
  date === '' ? undefined : instantOf(date, time || '00:00', zone)

const WhenFields = ({
  label,
  hint,
  value,
  set,
}: {
  label: string
  hint: string
  value: When
  set: (change: Partial<When>) => void
}) => (
  <div className={form.pair}>
    <TextField
      label={label}
      hint={hint}
      type="date"
      optional
      value={value.date}
      onChange={(event) => set({ date: event.target.value })}
    />
    <TextField
      label={t('impact-end-time')}
      type="time"
      value={value.time}
      onChange={(event) => set({ time: event.target.value })}
    />
  </div>
)

const ImpactQuestion = (props: Props) => {
  const { incident } = props
  const { zone } = useReader()
  const { draft, set, field } = useDraft(() => ({
    impact: incident.impact ?? '',
    severity: String(incident.severity),
    ...wallFields(incident.impactStartedAt, zone),
  }))
  return (
    <Asked
      {...props}
      title={t('impact-title')}
      action={t('save')}
      command={() => {
        const startedAt = instantFrom(draft, zone)
        return {
          kind: 'state-impact',
          severity: severityOf(draft.severity),
          impact: draft.impact,
          ...(startedAt === undefined ? {} : { startedAt }),
        }
      }}
    >
      {(faults) => (
        <>
          <TextArea label={t('impact-sentence')} required fault={faults['impact']} {...field('impact')} />
          <SeverityField {...field('severity')} />
          <WhenFields label={t('impact-since')} hint={t('impact-since-hint')} value={draft} set={set} />
        </>
      )}
    </Asked>
  )
}

const HelpQuestion = (props: Props) => {
  const people = useQuery(staffQuery).data?.rows ?? []
  const { draft, field } = useDraft({ whom: 'role:delivery-manager', reason: '' })
  return (
    <Asked
      {...props}
      title={t('help-title')}
      explanation={t('help-text')}
      action={t('help')}
      command={() => {
        const [kind, value = ''] = draft.whom.split(':')
        return kind === 'role'
          ? { kind: 'ask-help', role: value as Role, reason: draft.reason }
          : { kind: 'ask-help', accountId: value, reason: draft.reason }
      }}
    >
      {(faults) => (
        <>
          <Select
            label={t('help-whom')}
            {...field('whom')}
            choices={[
              ...ROLES.map((role) => ({
                value: `role:${role}`,
                label: t('help-role', { role: roleName(role) }),
              })),
              ...people.map(({ id, name }) => ({ value: `account:${id}`, label: name })),
            ]}
          />
          <TextArea label={t('help-reason')} required fault={faults['reason']} {...field('reason')} />
        </>
      )}
    </Asked>
  )
}

const TicketQuestion = (props: Props) => {
  const { draft, field } = useDraft({ ticket: props.incident.outsideTicket?.text ?? '' })
  return (
    <Asked
      {...props}
      title={t('ticket-link')}
      explanation={t('ticket-text')}
      action={t('save')}
      command={() => ({ kind: 'link-ticket', ...draft })}
    >
      {(faults) => <TextField label={t('ticket')} required fault={faults['ticket']} {...field('ticket')} />}
    </Asked>
  )
}

const MitigateQuestion = (props: Props) => {
  const { zone } = useReader()
  const { draft, set } = useDraft<When>({ date: '', time: '' })
  return (
    <Asked
      {...props}
      title={t('mitigate-title')}
      explanation={t('mitigate-text')}
      action={t('mitigate')}
      command={() => {
        const impactEndedAt = instantFrom(draft, zone)
        return { kind: 'mitigate', ...(impactEndedAt === undefined ? {} : { impactEndedAt }) }
      }}
    >
      {() => <WhenFields label={t('impact-end-date')} hint={t('impact-end-hint')} value={draft} set={set} />}
    </Asked>
  )
}

const ResolveQuestion = (props: Props) => {
  const { zone } = useReader()
  const { draft, set, field } = useDraft({ summary: '', date: '', time: '' })
  return (
    <Asked
      {...props}
      title={t('resolve-title')}
      explanation={t('resolve-text')}
      action={t('resolve')}
      command={() => {
        const impactEndedAt = instantFrom(draft, zone)
        return {
          kind: 'resolve',
          summary: draft.summary,
          ...(impactEndedAt === undefined ? {} : { impactEndedAt }),
        }
      }}
    >
      {(faults) => (
        <>
          <TextArea label={t('resolve-summary')} required fault={faults['summary']} {...field('summary')} />
          {props.incident.impactEndedAt === null ? (
            <WhenFields label={t('impact-end-date')} hint={t('impact-end-hint')} value={draft} set={set} />
          ) : null}
        </>
      )}
    </Asked>
  )
}

const ReopenQuestion = (props: Props) => {
  const { draft, field } = useDraft({ reason: '' })
  return (
    <Asked
      {...props}
      title={t('reopen-title')}
      action={t('reopen')}
      command={() => ({ kind: 'reopen', ...draft })}
    >
      {(faults) => (
        <TextArea label={t('reopen-reason')} required fault={faults['reason']} {...field('reason')} />
      )}
    </Asked>
  )
}

const questions = {
  impact: ImpactQuestion,
  help: HelpQuestion,
  ticket: TicketQuestion,
  mitigate: MitigateQuestion,
  resolve: ResolveQuestion,
  reopen: ReopenQuestion,
}

const IncidentDialogs = ({ question, ...props }: Props & { question: IncidentQuestion }) => {
  const Question = questions[question]
  return <Question {...props} />
}
export default IncidentDialogs
