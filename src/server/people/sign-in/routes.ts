/** Binds the routes of signing in and of one's own account. */
import type { FastifyInstance } from 'fastify'
import { meRoutes, signInRoutes } from '../../../contract/people/sign-in.ts'
import { bind } from '../../platform/http/bind.ts'
import { notStored } from '../not-stored.ts'
import { addPasskey, beginPasskey, listMyPasskeys, removePasskey } from './add-passkey.ts'
import { changeMyPassword, updateMe } from './change-own.ts'
import { endMySession, endSessionOf, listMySessions, listSessionsOf, signOut } from './end-session.ts'
import { getMe } from './get-me.ts'
import { showSignInWays } from './show-sign-in-ways.ts'
import { signIn } from './sign-in.ts'
import { finishOidc, startOidc } from './sign-in-with-oidc.ts'
import { beginPasskeySignIn, signInWithPasskey } from './sign-in-with-passkey.ts'

export const bindSignIn = (http: FastifyInstance): void => {
  bind(http, signInRoutes, {
    showSignInWays,
    signIn,
    signOut,
    beginPasskeySignIn: async (ctx) => notStored(200, await beginPasskeySignIn(ctx)),
    signInWithPasskey,
    startOidc,
    finishOidc,
  })
  bind(http, meRoutes, {
    getMe,
    updateMe,
    changeMyPassword: async (ctx, input) => notStored(200, await changeMyPassword(ctx, input)),
    listMySessions,
    endMySession,
    listSessionsOf,
    endSessionOf,
    listMyPasskeys,
    beginPasskey: async (ctx) => notStored(200, await beginPasskey(ctx)),
    addPasskey,
    removePasskey,
  })
}
