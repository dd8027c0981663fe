/** How one signs in, and where one is signed in. */
import { useMutation, useQuery } from '@tanstack/react-query'
import type { FormEvent } from 'react'
import { Badge } from '../../parts/Badge.tsx'
import { Button } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { Panel } from '../../parts/Page.tsx'
import { Row, Rows } from '../../parts/Rows.tsx'
import { Settled } from '../../parts/Settled.tsx'
import { TimeText } from '../../parts/TimeText.tsx'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { queryClient } from '../../shell/query-client.ts'
import { forgetSession } from '../../shell/session.ts'
import { addPasskey, passkeysWork } from './add-passkey.ts'
import { deviceOf } from './device.ts'
import { passkeysQuery, sessionsQuery } from './queries.ts'
import styles from './Settings.module.css'
import { t } from './words.ts'

const refresh = (): void => void queryClient.invalidateQueries({ queryKey: ['self'] })

const Password = () => {
  const { draft, set, field } = useDraft({ current: '', next: '' })
  const change = useMutation({
    mutationFn: () => api('POST /api/me/password', draft),
    onSuccess: () => {
      set({ current: '', next: '' })
      refresh()
      toast({ text: t('password-changed') })
    },
  })
  const faults = isFailure(change.error) ? change.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    change.mutate()
  }
  return (
    <Panel title={t('password-title')}>
      <form onSubmit={submit} className={form.form}>
        <TextField
          label={t('password-current')}
          type="password"
          autoComplete="current-password"
          required
          fault={faults['current']}
          {...field('current')}
        />
        <TextField
          label={t('password-next')}
          type="password"
          autoComplete="new-password"
          required
          fault={faults['next']}
          {...field('next')}
        />
        {change.error ? <ErrorNote error={change.error} small /> : null}
        <FormActions>
          <Button type="submit" busy={change.isPending}>
            {t('password-change')}
          </Button>
        </FormActions>
      </form>
    </Panel>
  )
}

const Passkeys = () => {
  const query = useQuery(passkeysQuery)
  const add = useMutation({
    mutationFn: () => addPasskey(t('passkey-name', { device: deviceOf(navigator.userAgent) })),
    onSuccess: () => {
      refresh()
      void queryClient.invalidateQueries({ queryKey: ['me'] })
      toast({ text: t('passkey-added') })
    },
    // The browser's own refusals carry no words for people.
    onError: (error) => (isFailure(error) ? toastFailure(error) : toast({ text: t('passkey-cancelled') })),
  })
  const remove = useMutation({
    mutationFn: (passkey: { id: string; name: string }) =>
      api('DELETE /api/me/passkeys/:passkeyId', { passkeyId: passkey.id }),
    onSuccess: (_, passkey) => {
      refresh()
      toast({ text: t('removed', passkey) })
    },
    onError: toastFailure,
  })
  const filled = query.data !== undefined && query.data.rows.length > 0
  return (
    <Panel
      title={t('passkeys')}
      flush={filled}
      actions={
        <Button
          size="small"
          icon="plus"
          disabled={!passkeysWork}
          busy={add.isPending}
          onClick={() => add.mutate()}
        >
          {t('passkey-add')}
        </Button>
      }
    >
      <Settled query={query} lines={2}>
        {({ rows }) =>
          filled ? (
            <Rows label={t('passkeys')}>
              {rows.map((passkey) => (
                <Row
                  key={passkey.id}
                  title={passkey.name}
                  note={
                    passkey.usedAt === null ? (
                      t('never-used')
                    ) : (
                      <>
                        {t('used')} <TimeText at={passkey.usedAt} still />
                      </>
                    )
                  }
                  end={
                    <Button size="small" tone="quiet" onClick={() => remove.mutate(passkey)}>
                      {t('remove')}
                    </Button>
                  }
                />
              ))}
            </Rows>
          ) : (
            <p className="dim">
              {t('passkeys-empty')} {t('passkeys-text')} {passkeysWork ? null : t('passkey-unsupported')}
            </p>
          )
        }
      </Settled>
    </Panel>
  )
}

const Sessions = () => {
  const query = useQuery(sessionsQuery)
  const end = useMutation({
    mutationFn: (sessionId: string) => api('DELETE /api/me/sessions/:sessionId', { sessionId }),
    onSuccess: () => {
      refresh()
      toast({ text: t('session-ended') })
    },
    onError: toastFailure,
  })
  const leave = useMutation({
    mutationFn: () => api('DELETE /api/session'),
    onSuccess: () => {
      forgetSession()
      window.location.assign('/sign-in')
    },
    onError: toastFailure,
  })
  return (
    <Panel
      title={t('sessions')}
      flush={query.data !== undefined}
      actions={
        <Button size="small" busy={leave.isPending} onClick={() => leave.mutate()}>
          {t('sign-out')}
        </Button>
      }
    >
      <Settled query={query} lines={2}>
        {({ rows }) => (
          <Rows label={t('sessions')}>
            {rows.map((session) => (
              <Row
                key={session.id}
                tall
                title={deviceOf(session.userAgent)}
                note={t('session-by', session)}
                end={
                  <>
                    <TimeText at={session.seenAt} still />
                    {session.current ? (
                      <Badge tone="green">{t('session-current')}</Badge>
                    ) : (
                      <Button size="small" tone="quiet" onClick={() => end.mutate(session.id)}>
                        {t('session-end')}
                      </Button>
                    )}
                  </>
                }
              />
            ))}
          </Rows>
        )}
      </Settled>
    </Panel>
  )
}

const SignInSettings = () => (
  <div className={styles.section}>
    <Passkeys />
    <Sessions />
    <Password />
  </div>
)
export default SignInSettings
