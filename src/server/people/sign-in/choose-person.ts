/** The demo's door: everybody in it is invented, so one signs in by choosing whom to be. Never bound by a real server. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import { demoRoutes } from '../../../contract/people/demo.ts'
import type { Ctx, Platform } from '../../platform/context.ts'
import { acceptPrintedSecrets } from '../credentials.ts'
import { notFound } from '../../platform/faults.ts'
import { bind } from '../../platform/http/bind.ts'
import { raw, type RawReply } from '../../platform/http/raw-reply.ts'
import { html, type Html } from '../../platform/http/html.ts'
import { plainPage } from '../../platform/http/plain-page.ts'
import { allAccountRows, findForSignIn, type AccountRow } from '../accounts/store.ts'
import { stranger, type Reader } from '../../platform/messages/languages.ts'
import { say } from './messages.ts'
import { openSession } from './open-session.ts'
import { setSessionCookie } from './session-cookie.ts'

const whatTheyAre = (reader: Reader, row: AccountRow): string =>
  row.kind === 'contact'
    ? say(reader, 'contact-of', { customer: row.customer_name ?? '' })
    : row.roles.join(', ').replaceAll('-', ' ')

const button = (reader: Reader, row: AccountRow): Html =>
  html`<form method="post" action="/demo">
    <input type="hidden" name="handle" value="${row.handle}" />
    <button class="quiet">
      <strong>${row.name}</strong> <span class="dim">${whatTheyAre(reader, row)}</span>
    </button>
  </form>`

export const showPeople = async (ctx: Ctx, _input: unknown, request: FastifyRequest): Promise<RawReply> => {
  const reader = stranger(request.headers['accept-language'])
  const rows = (await allAccountRows(ctx.platform.database.db)).filter((row) => row.archived_at === null)
  const text = plainPage({
    reader,
    title: say(reader, 'demo-title'),
    body: html`<h1>${say(reader, 'demo-who')}</h1>
      <p>${say(reader, 'demo-text')}</p>
      ${rows.map((row) => button(reader, row))}`,
  })
  return raw((reply) => reply.type('text/html; charset=utf-8').header('cache-control', 'no-store').send(text))
}

export const choosePerson = async (
  ctx: Ctx,
  { handle }: { handle: string },
  request: FastifyRequest,
): Promise<RawReply> => {
  const account = await findForSignIn(ctx.platform.database.db, handle)
  if (!account) throw notFound('This person')
  const secret = await openSession(ctx, account, 'demo', request)
  return raw((reply) => setSessionCookie(ctx, reply, secret).redirect('/', 303))
}

export const bindChoosePerson = (http: FastifyInstance, platform: Platform): void => {
  acceptPrintedSecrets(platform)
  bind(http, demoRoutes, { showPeople, choosePerson })
}
