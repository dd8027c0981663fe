/** The session cookie: unreadable to scripts, sent to no other site, over https only where we are reached by https. */
import type { FastifyReply } from 'fastify'
import type { Ctx } from '../../platform/context.ts'
import { cookieName, SESSION_COOKIE } from '../accounts/authenticate.ts'
import { SESSION_LONGEST_MS } from './store.ts'

/** Also for short-lived cookies of a flow (OIDC). For the whole host: `__Host-` asks for that. */
export const cookieText = (
  ctx: Ctx,
  cookie: { name: string; value: string; maxAgeSeconds: number },
): string =>
  [
    `${cookieName(ctx.platform, cookie.name)}=${cookie.value}`,
    'Path=/',
    `Max-Age=${cookie.maxAgeSeconds}`,
    'HttpOnly',
    'SameSite=Lax',
    ...(ctx.platform.config.baseUrl.startsWith('https:') ? ['Secure'] : []),
  ].join('; ')

export const setSessionCookie = (ctx: Ctx, reply: FastifyReply, secret: string): FastifyReply =>
  reply.header(
    'set-cookie',
    cookieText(ctx, {
      name: SESSION_COOKIE,
      value: secret,
      maxAgeSeconds: SESSION_LONGEST_MS / 1000,
    }),
  )

export const clearSessionCookie = (ctx: Ctx, reply: FastifyReply): FastifyReply =>
  reply.header('set-cookie', cookieText(ctx, { name: SESSION_COOKIE, value: '', maxAgeSeconds: 0 }))
