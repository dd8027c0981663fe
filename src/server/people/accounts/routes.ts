/** Binds the routes of accounts. */
import type { FastifyInstance } from 'fastify'
import { accountRoutes } from '../../../contract/people/accounts.ts'
import { bind } from '../../platform/http/bind.ts'
import { notStored } from '../not-stored.ts'
import { acceptInvitation, showInvitation, submitInvitation } from './accept-invitation.ts'
import { archiveAccount, restoreAccount } from './archive-account.ts'
import { createAccount } from './create-account.ts'
import { inviteAccount } from './invite-account.ts'
import { getAccount, listAccounts } from './list-accounts.ts'
import { updateAccount } from './update-account.ts'

export const bindAccounts = (http: FastifyInstance): void =>
  bind(http, accountRoutes, {
    listAccounts,
    getAccount,
    createAccount,
    updateAccount,
    archiveAccount,
    restoreAccount,
    inviteAccount: async (ctx, input) => notStored(201, await inviteAccount(ctx, input)),
    showInvitation,
    acceptInvitation,
    submitInvitation,
  })
