/** Waits for the code that went out on a way, says what the carrier answered, and sends another when none comes. */
import { useMutation } from '@tanstack/react-query'
import type { FormEvent, ReactNode } from 'react'
import { Button } from '../../parts/Button.tsx'
import { useDraft } from '../../parts/draft.ts'
import { ErrorNote } from '../../parts/ErrorNote.tsx'
import { FormActions, TextField } from '../../parts/Field.tsx'
import form from '../../parts/Form.module.css'
import { toast, toastFailure } from '../../parts/Toast.tsx'
import { api } from '../../shell/api.ts'
import { isFailure } from '../../shell/failure.ts'
import { refreshMethods, type CodeSent, type ContactMethod } from './queries.ts'
import { t } from './words.ts'

export const EnterCode = ({
  method,
  sent,
  onDone,
  children,
}: {
  method: ContactMethod
  sent: CodeSent | undefined
  onDone: () => void
  children?: ReactNode
}) => {
  const { draft, field } = useDraft({ code: '' })
  const resend = useMutation({
    mutationFn: () => api('POST /api/me/contact-methods/:methodId/code', { methodId: method.id }),
    onSuccess: ({ code }) => (code.kind === 'accepted' ? toast({ text: t('code-sent-again') }) : undefined),
    onError: toastFailure,
  })
  const verify = useMutation({
    mutationFn: () =>
      api('POST /api/me/contact-methods/:methodId/verify', { methodId: method.id, code: draft.code }),
    onSuccess: (verified) => {
      refreshMethods()
      toast({ text: t('verified', verified) })
      onDone()
    },
  })
  const last = resend.data?.code ?? sent
  const faults = isFailure(verify.error) ? verify.error.fields : {}
  const submit = (event: FormEvent): void => {
    event.preventDefault()
    verify.mutate()
  }
  return (
    <form className={form.form} onSubmit={submit}>
      {children}
      <output className={last && last.kind !== 'accepted' ? form.fault : undefined}>
        {last && last.kind !== 'accepted' ? `${t('code-failed')} ${last.detail}` : t('code-sent', method)}
      </output>
      <TextField
        label={t('code')}
        required
        mono
        inputMode="numeric"
        autoComplete="one-time-code"
        maxLength={12}
        fault={faults['code']}
        {...field('code')}
      />
      {verify.error && !faults['code'] ? <ErrorNote error={verify.error} small /> : null}
      <FormActions>
        <Button busy={resend.isPending} onClick={() => resend.mutate()}>
          {t('code-again')}
        </Button>
        <Button type="submit" tone="primary" busy={verify.isPending}>
          {t('verify')}
        </Button>
      </FormActions>
    </form>
  )
}
