/** By whom it is decided: the team alone, or together with people of the customer. */
import { useQuery } from '@tanstack/react-query'
import { Checkbox, Select } from '../../parts/Field.tsx'
import { contactsQuery } from '../../people/accounts/queries.ts'
import { environmentsQuery } from '../../people/environments/queries.ts'
import styles from './TermsFields.module.css'
import type { Cooperation } from './queries.ts'
import { t } from './words.ts'

export type CooperationDraft = {
  readonly how: 'later' | 'internal' | 'with-customer'
  readonly contactIds: readonly string[]
}

export const cooperationOf = (draft: CooperationDraft): Cooperation | undefined => {
  if (draft.how === 'later') return undefined
  return draft.how === 'internal'
    ? { kind: 'internal' }
    : { kind: 'with-customer', contactIds: [...draft.contactIds] }
}

export const CooperationFields = ({
  draft,
  set,
  environment,
  mayWait = false,
  fault,
}: {
  draft: CooperationDraft
  set: (change: Partial<CooperationDraft>) => void
  /** The slug whose customer's contacts are offered. */
  environment: string
  /** A proposal is decided later. */
  mayWait?: boolean
  fault?: string | undefined
}) => {
  const customerId = useQuery(environmentsQuery).data?.rows.find(({ slug }) => slug === environment)?.customer
    .id
  const contacts =
    useQuery(contactsQuery).data?.rows.filter(({ customer }) => customer?.id === customerId) ?? []
  return (
    <>
      <Select
        label={t('cooperation')}
        value={draft.how}
        fault={fault}
        onChange={(event) => set({ how: event.target.value as CooperationDraft['how'] })}
        choices={[
          ...(mayWait ? [{ value: 'later', label: t('cooperation-later') }] : []),
          { value: 'internal', label: t('cooperation-internal') },
          { value: 'with-customer', label: t('cooperation-with-customer') },
        ]}
      />
      {draft.how === 'with-customer' ? (
        <fieldset className={styles.options}>
          <legend>{t('contacts')}</legend>
          {contacts.map(({ id, name }) => (
            <Checkbox
              key={id}
              label={name}
              checked={draft.contactIds.includes(id)}
              onChange={(event) =>
                set({
                  contactIds: event.target.checked
                    ? [...draft.contactIds, id]
                    : draft.contactIds.filter((other) => other !== id),
                })
              }
            />
          ))}
          {contacts.length === 0 ? <p className="dim">{t('no-contacts')}</p> : null}
        </fieldset>
      ) : null}
    </>
  )
}
