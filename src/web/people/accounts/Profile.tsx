/** Name, formats and zone of who is signed in; the colours of this browser. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, Select, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Fact, Facts, Panel } from '../../parts/Page.tsx'
import { toast } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { chooseScheme, useScheme, type Scheme } from '../../shell/scheme.ts'
import { meQuery, useMe } from '../../shell/session.ts'
import styles from './Settings.module.css'
import { roleName } from './role-name.ts'
import { t } from './words.ts'

const locales = [
  'en',
  'en-GB',
  'en-US',
  'sv-SE',
  'de-DE',
  'de-CH',
  'fr-FR',
  'nl-NL',
  'da-DK',
  'nb-NO',
  'fi-FI',
  'es-ES',
  'it-IT',
  'pl-PL',
]

const localeChoices = (mine: string): readonly { value: string; label: string }[] =>
  [...new Set([mine, ...locales])].map((value) => ({
    value,
    label: `${new Intl.DisplayNames('en', { type: 'language' }).of(value) ?? value} (${new Intl.DateTimeFormat(value).format(Date.UTC(2026, 10, 23))})`,
  }))

const zoneChoices = (mine: string): readonly { value: string; label: string }[] =>
  [...new Set([mine, 'UTC', ...Intl.supportedValuesOf('timeZone')])].map((value) => ({ value, label: value }))

const ProfileForm = () => {
  const { account } = useMe()
  const { draft, field } = useDraft({ name: account.name, locale: account.locale, zone: account.zone })
  const save = useMutation({
    mutationFn: () => api('PATCH /api/me', draft),
    onSuccess: () => {
      void queryClient.invalidateQueries({ queryKey: meQuery.queryKey })
      toast({ text: t('saved') })
    },
  })
  const faults = isFailure(save.error) ? save.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    save.mutate()
  }
  return (
    <form onSubmit={submit} className={form.form}>
      <TextField label={t('name')} required maxLength={100} fault={faults['name']} {...field('name')} />
      <Select
        label={t('locale')}
        hint={t('locale-hint')}
        choices={localeChoices(account.locale)}
        fault={faults['locale']}
        {...field('locale')}
      />
      <Select
        label={t('zone')}
        hint={t('zone-hint', { zone: new Intl.DateTimeFormat().resolvedOptions().timeZone })}
        choices={zoneChoices(account.zone)}
        fault={faults['zone']}
        {...field('zone')}
      />
      {save.error ? <ErrorNote error={save.error} small /> : null}
      <FormActions>
        <Button type="submit" tone="primary" busy={save.isPending}>
          {t('save')}
        </Button>
      </FormActions>
    </form>
  )
}

export const Profile = () => {
  const { account } = useMe()
  const scheme = useScheme()
  return (
    <div className={styles.section}>
      <Panel>
        <Facts>
          <Fact name={t('handle')}>{account.handle}</Fact>
          <Fact name={t('email')}>{account.email}</Fact>
          {account.roles.length > 0 ? (
            <Fact name={t('roles')}>{account.roles.map(roleName).join(', ')}</Fact>
          ) : null}
        </Facts>
      </Panel>
      <Panel title={t('section-profile')}>
        <ProfileForm />
      </Panel>
      <Panel title={t('colours')}>
        <Select
          label={t('colours')}
          hint={t('colours-hint')}
          value={scheme}
          onChange={(event) => chooseScheme(event.target.value as Scheme)}
          choices={(['system', 'light', 'dark'] as const).map((value) => ({
            value,
            label: t(`colours-${value}`),
          }))}
        />
      </Panel>
    </div>
  )
}
