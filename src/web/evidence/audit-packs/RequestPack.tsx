/** Asking for an audit pack of a period. */
import { useMutation, useQuery } from '@tanstack/react-query'
import { useNavigate } from '@tanstack/react-router'
import type { FormEvent } from 'react'
import { isoDate } from '../../messages/format.ts'
import { Button } from '../../parts/Button.tsx'
import { startOfDay } from '../../parts/days.ts'
import { Dialog } from '../../parts/Dialog.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { Checkbox, FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { useReader } from '../../parts/reader.ts'
import { toast } from '../../parts/Toast.tsx'
import { customersQuery, environmentsQuery } from '../../people/environments/queries.ts'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { packQuery } from '../queries.ts'
import { t } from '../words.ts'

const ORGANISATION = 'organisation'
type Draft = { of: string; environments: readonly string[]; from: string; to: string; purpose: string }

/** The first day of this month and of the next, in the reader's zone. */
const thisMonth = (zone: string): { from: string; to: string } => {
  const from = `${isoDate(Date.now(), zone).slice(0, 7)}-01`
  const next = new Date(`${from}T00:00:00Z`)
  next.setUTCMonth(next.getUTCMonth() + 1)
  return { from, to: next.toISOString().slice(0, 10) }
}

const Environments = ({
  customer,
  chosen,
  set,
}: {
  customer: string
  chosen: readonly string[]
  set: (slugs: readonly string[]) => void
}) => {
  const environments =
    useQuery(environmentsQuery).data?.rows.filter((one) => one.customer.slug === customer) ?? []
  return (
    <fieldset className={form.form}>
      <legend className={form.legend}>{t('request-environments')}</legend>
      {environments.map(({ slug, name }) => (
        <Checkbox
          key={slug}
          label={`${slug} · ${name}`}
          checked={chosen.includes(slug)}
          onChange={(event) =>
            set(event.target.checked ? [...chosen, slug] : chosen.filter((one) => one !== slug))
          }
        />
      ))}
    </fieldset>
  )
}

const RequestPack = ({ onClose }: { onClose: () => void }) => {
  const { zone } = useReader()
  const navigate = useNavigate()
  const customers = useQuery(customersQuery).data?.rows ?? []
  const { draft, set, field } = useDraft<Draft>(() => ({
    of: '',
    environments: [],
    purpose: '',
    ...thisMonth(zone),
  }))
  const request = useMutation({
    mutationFn: () =>
      api('POST /api/evidence/packs', {
        ...(draft.of === ORGANISATION
          ? { organisation: true as const }
          : { environments: [...draft.environments] }),
        from: startOfDay(draft.from, zone),
        to: startOfDay(draft.to, zone),
        purpose: draft.purpose,
      }),
    onSuccess: (pack) => {
      queryClient.setQueryData(packQuery(pack.id).queryKey, pack)
      void queryClient.invalidateQueries({ queryKey: ['evidence', 'packs'] })
      toast({ text: t('requested') })
      onClose()
      void navigate({ to: '/evidence/packs/$packId', params: { packId: pack.id } })
    },
  })
  const faults = isFailure(request.error) ? request.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    request.mutate()
  }
  return (
    <Dialog open onClose={onClose} title={t('request-title')} explanation={t('request-text')}>
      <form onSubmit={submit} className={form.form}>
        <Select
          label={t('request-what')}
          required
          fault={faults['environments']}
          value={draft.of}
          onChange={(event) => set({ of: event.target.value, environments: [] })}
          choices={[
            { value: '', label: '–' },
            ...customers.map(({ slug, name }) => ({ value: slug, label: name })),
            { value: ORGANISATION, label: t('request-organisation') },
          ]}
        />
        {draft.of !== '' && draft.of !== ORGANISATION ? (
          <Environments
            customer={draft.of}
            chosen={draft.environments}
            set={(environments) => set({ environments })}
          />
        ) : null}
        <div className={form.pair}>
          <TextField
            label={t('request-from')}
            type="date"
            required
            fault={faults['from']}
            {...field('from')}
          />
          <TextField label={t('request-to')} type="date" required fault={faults['to']} {...field('to')} />
        </div>
        <TextField
          label={t('request-purpose')}
          required
          maxLength={500}
          fault={faults['purpose']}
          {...field('purpose')}
        />
        {request.error ? <ErrorNote error={request.error} small /> : null}
        <FormActions>
          <Button type="submit" tone="primary" busy={request.isPending}>
            {t('request-do')}
          </Button>
        </FormActions>
      </form>
    </Dialog>
  )
}
export default RequestPack
