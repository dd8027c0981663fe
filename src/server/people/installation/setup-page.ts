/** The first page anybody sees: plain HTML, because the setup must work before anything else does. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setup } from '../../../contract/people/installation.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/bind.ts'
import { html, type Html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
import { setSessionCookie } from '../sign-in/session-cookie.ts'
import { requireSetupOpen, setUp } from './finish-setup.ts'
import { findInstallation } from './store.ts'

type Given = Readonly<Record<string, string>>
type Field = { name: string; label: string; hint?: string; type?: string; autocomplete: string }

const fields: readonly Field[] = [
  { name: 'organisation', label: 'Your organisation', autocomplete: 'organization' },
  { name: 'name', label: 'Your name', autocomplete: 'name' },
  {
    name: 'handle',
    label: 'Handle',
    hint: 'Short, lower case: what you sign in with.',
    autocomplete: 'username',
  },
  { name: 'email', label: 'E-mail address', type: 'email', autocomplete: 'email' },
  {
    name: 'password',
    label: 'Password',
    hint: 'At least twelve characters; a few words in a row are fine.',
    type: 'password',
    autocomplete: 'new-password',
  },
  { name: 'zone', label: 'Time zone', hint: 'Such as Europe/Stockholm.', autocomplete: 'off' },
]

const input = ({ name, label, hint, type, autocomplete }: Field, given: Given, faults: Given): Html =>
  html`<label for="${name}">${label}</label>
    ${hint ? html`<p class="dim" id="${name}-hint">${hint}</p>` : ''}
    ${faults[name] ? html`<p class="red" id="${name}-fault">${faults[name]}</p>` : ''}
    <input
      id="${name}"
      name="${name}"
      type="${type ?? 'text'}"
      autocomplete="${autocomplete}"
      value="${type === 'password' ? '' : (given[name] ?? '')}"
      aria-describedby="${hint ? `${name}-hint` : ''} ${faults[name] ? `${name}-fault` : ''}"
      ${faults[name] ? html`aria-invalid="true"` : ''}
      required
    />`

const page = (given: Given, faults: Given = {}, problem?: string): string =>
  plainPage({
    title: 'Set up Fortnight',
    body: html`<h1>Set up Fortnight</h1>
      <p>You become the first administrator. Everybody else is invited by you.</p>
      ${problem ? html`<p class="red" role="alert">${problem}</p>` : ''}
      <form method="post" action="/setup">
        <input type="hidden" name="token" value="${given.token ?? ''}" />
        ${fields.map((field) => input(field, given, faults))}
        <button>Create the administrator</button>
      </form>`,
  })

const answer = (status: number, text: string): RawReply =>
  raw((reply: FastifyReply) =>
    reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text),
  )

export const showSetup = async (ctx: Ctx, { token }: { token?: string | undefined }): Promise<RawReply> => {
  if (token === undefined)
    throw new Fault('link-expired', 'Open the setup link that the server prints when it starts.')
  await requireSetupOpen(ctx, token)
  const installation = await findInstallation(ctx.platform.database.db)
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return answer(200, page({ token, organisation: installation?.organisation ?? '', zone }))
}

export const submitSetup = async (ctx: Ctx, given: Given, request: FastifyRequest): Promise<RawReply> => {
  const parsed = setup.safeParse(given)
  if (!parsed.success) {
    const faults = Object.fromEntries(
      parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]),
    )
    return answer(422, page(given, faults, 'Nothing was created yet. Please look at the fields marked red.'))
  }
  try {
    const secret = await setUp(ctx, parsed.data, request)
    return raw((reply) => setSessionCookie(ctx, reply, secret).redirect('/', 303))
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid-input') throw error
    const faults = Object.fromEntries(
      (error.errors ?? []).map(({ path, detail }) => [path.replace('body.', ''), detail]),
    )
    return answer(error.status, page(given, faults, error.message))
  }
}
