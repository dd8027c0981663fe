/** The way in: password, passkey, or the organisation's own provider. */
import { useQuery, queryOptions } from '@tanstack/react-query'
import { getRouteApi } from '@tanstack/react-router'
import { useEffect, useState, type FormEvent } from 'react'
import { Button, buttonLook } from '../parts/Button.tsx'
import { ErrorNote } from '../parts/ErrorNote.tsx'
import { TextField } from '../parts/Field.tsx'
import { signIn } from '../messages/en/sign-in.ts'
import { translator } from '../messages/translate.ts'
import { api } from './api.ts'
import { forgetSession } from './session.ts'
import styles from './SignIn.module.css'

const t = translator('sign-in', signIn)
const route = getRouteApi('/sign-in')

const waysQuery = queryOptions({
  queryKey: ['sign-in'],
  queryFn: ({ signal }) => api('GET /api/sign-in', {}, { signal }),
})

/** Only ever an address of ours. */
const inside = (to: string | undefined): string => (to?.startsWith('/') && !/^\/[/\\]/.test(to) ? to : '/')

const usePasskey = async (): Promise<void> => {
  const { startAuthentication } = await import('@simplewebauthn/browser')
  const { challenge, options } = await api('POST /api/session/passkey/options')
  const response = await startAuthentication({ optionsJSON: options as never })
  await api('POST /api/session/passkey', { challenge, response: { ...response } })
}

/** One attempt at a time, and what became of it. */
const useAttempt = (arrive: () => void) => {
  const [under, setUnder] = useState<'password' | 'passkey'>()
  const [failure, setFailure] = useState<unknown>()
  const attempt = async (kind: 'password' | 'passkey', work: () => Promise<unknown>): Promise<void> => {
    setUnder(kind)
    setFailure(undefined)
    try {
      await work()
      arrive()
    } catch (error) {
      setFailure(error)
      setUnder(undefined)
    }
  }
  return { under, failure, attempt }
}

/** The browser's own refusals carry no words for people. */
const Refusal = ({ error }: { error: unknown }) =>
  error instanceof Error && /^(NotAllowed|Abort|WebAuthn)/.test(error.name) ? (
    <p className={styles.note} role="alert">
      {t('cancelled')}
    </p>
  ) : (
    <ErrorNote error={error} small />
  )

export const SignIn = () => {
  const { to } = route.useSearch()
  const ways = useQuery(waysQuery).data
  const [account, setAccount] = useState('')
  const [password, setPassword] = useState('')
  const passkeysWork = typeof PublicKeyCredential !== 'undefined'
  const { under, failure, attempt } = useAttempt(() => {
    forgetSession()
    // A whole load: nothing of whoever was here before stays in memory.
    window.location.assign(inside(to))
  })
  useEffect(() => {
    document.title = `${t('title')}`
  }, [])
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    void attempt('password', () => api('POST /api/session', { account, password }))
  }
  return (
    <main className={styles.page}>
      <div className={styles.card}>
        <img src="/icon.svg" width="36" height="36" alt="" />
        <h1>{ways?.organisation ? t('title-of', { organisation: ways.organisation }) : t('title')}</h1>
        {ways?.setupNeeded ? <p className={styles.note}>{t('setup-needed')}</p> : null}
        <form onSubmit={submit} className={styles.form}>
          <TextField
            label={t('handle')}
            name="username"
            autoComplete="username webauthn"
            autoCapitalize="none"
            spellCheck={false}
            required
            value={account}
            onChange={(event) => setAccount(event.target.value)}
          />
          <TextField
            label={t('password')}
            name="password"
            type="password"
            autoComplete="current-password"
            required
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
          {failure ? <Refusal error={failure} /> : null}
          <Button type="submit" tone="primary" busy={under === 'password'}>
            {t('submit')}
          </Button>
        </form>
        <p className={styles.or}>{t('or')}</p>
        <div className={styles.form}>
          <Button
            icon="key"
            disabled={!passkeysWork}
            busy={under === 'passkey'}
            onClick={() => void attempt('passkey', usePasskey)}
          >
            {t('passkey')}
          </Button>
          {passkeysWork ? null : <p className={styles.hint}>{t('no-passkeys-here')}</p>}
          {ways?.oidc ? (
            <a
              className={buttonLook('plain')}
              href={`${ways.oidc.start}?to=${encodeURIComponent(inside(to))}`}
            >
              {t('with-provider', { name: ways.oidc.issuer })}
            </a>
          ) : null}
        </div>
        <p className={styles.hint}>{t('lost')}</p>
      </div>
    </main>
  )
}
