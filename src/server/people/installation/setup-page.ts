/** The first page anybody sees: plain HTML, because the setup must work before anything else does. */
import type { FastifyReply, FastifyRequest } from 'fastify'
import { setup } from '../../../contract/people/installation.ts'
import type { Ctx } from '../../platform/context.ts'
import { Fault } from '../../platform/faults.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { html, type Html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
import { stranger, type Reader } from '../../platform/messages/languages.ts'
import { setSessionCookie } from '../sign-in/session-cookie.ts'
import { requireSetupOpen, setUp } from './finish-setup.ts'
import { say } from './messages.ts'
import { findInstallation } from './store.ts'

type Given = Readonly<Record<string, string>>
type Field = {
  readonly name: 'organisation' | 'name' | 'handle' | 'email' | 'password' | 'zone'
  readonly hint?: 'handle-hint' | 'password-hint' | 'zone-hint'
  readonly type?: string
  readonly autocomplete: string
}

const fields: readonly Field[] = [
  { name: 'organisation', autocomplete: 'organization' },
  { name: 'name', autocomplete: 'name' },
  { name: 'handle', hint: 'handle-hint', autocomplete: 'username' },
  { name: 'email', type: 'email', autocomplete: 'email' },
  { name: 'password', hint: 'password-hint', type: 'password', autocomplete: 'new-password' },
  { name: 'zone', hint: 'zone-hint', autocomplete: 'off' },
]

const input = (
  reader: Reader,
  { name, hint, type, autocomplete }: Field,
  given: Given,
  faults: Given,
): Html =>
  html`<label for="${name}">${say(reader, name)}</label>
    ${hint ? html`<p class="dim" id="${name}-hint">${say(reader, hint)}</p>` : ''}
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

const page = (reader: Reader, given: Given, faults: Given = {}, problem?: string): string =>
  plainPage({
    reader,
    title: say(reader, 'setup-title'),
    body: html`<h1>${say(reader, 'setup-title')}</h1>
      <p>${say(reader, 'setup-text')}</p>
      ${problem ? html`<p class="red" role="alert">${problem}</p>` : ''}
      <form method="post" action="/setup">
        <input type="hidden" name="token" value="${given.token ?? ''}" />
        ${fields.map((field) => input(reader, field, given, faults))}
        <button>${say(reader, 'setup-do')}</button>
      </form>`,
  })

const readerOf = (request: FastifyRequest): Reader => stranger(request.headers['accept-language'])

const answer = (status: number, text: string): RawReply =>
  raw((reply: FastifyReply) =>
    reply.code(status).type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text),
  )

export const showSetup = async (
  ctx: Ctx,
  { token }: { token?: string | undefined },
  request: FastifyRequest,
): Promise<RawReply> => {
  if (token === undefined)
    throw new Fault('link-expired', 'Open the setup link that the server prints when it starts.')
  await requireSetupOpen(ctx, token)
  const installation = await findInstallation(ctx.platform.database.db)
  const zone = new Intl.DateTimeFormat().resolvedOptions().timeZone
  return answer(200, page(readerOf(request), { token, organisation: installation?.organisation ?? '', zone }))
}

export const submitSetup = async (ctx: Ctx, given: Given, request: FastifyRequest): Promise<RawReply> => {
  const reader = readerOf(request)
  const parsed = setup.safeParse(given)
  if (!parsed.success) {
    const faults = Object.fromEntries(
      parsed.error.issues.map((issue) => [String(issue.path[0]), issue.message]),
    )
    return answer(422, page(reader, given, faults, say(reader, 'setup-faulty')))
  }
  try {
    const secret = await setUp(ctx, parsed.data, request)
    return raw((reply) => setSessionCookie(ctx, reply, secret).redirect('/', 303))
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'invalid-input') throw error
    const faults = Object.fromEntries(
      (error.errors ?? []).map(({ path, detail }) => [path.replace('body.', ''), detail]),
    )
    return answer(error.status, page(reader, given, faults, error.message))
  }
}
