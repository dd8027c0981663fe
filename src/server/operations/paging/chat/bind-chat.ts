/** Where chats call back. Whoever presses must be the person whom the message went to; nobody takes a page for somebody else. */
import type { FastifyInstance, FastifyRequest } from 'fastify'
import {
  chatRoutes,
  mattermostPress,
  pressedIntent,
  slackPress,
} from '../../../../contract/operations/chat.ts'
import { findMethod } from '../../../people/contact-methods/store.ts'
import { digestOfTarget } from '../../../people/contact-methods/target.ts'
import { canMattermost, isOurButton } from '../../../platform/carriers/mattermost.ts'
import { canSlack, isFromSlack, postToSlack } from '../../../platform/carriers/slack.ts'
import { systemCtx, type Platform } from '../../../platform/context.ts'
import { Fault, notFound } from '../../../platform/faults.ts'
import { declareRoute } from '../../../platform/http/bind.ts'
import { count } from '../../../platform/metrics.ts'
import { TAKE_ACTION } from '../channels/slack.ts'
import { findSentAs, type SentIntent } from '../bundles/bundle-store.ts'
import { takeBundleByMessage, takeByMessage, type Answer } from '../take-by-message.ts'

const textOf = ({ body }: FastifyRequest): string => (typeof body === 'string' ? body : '')

const forged = (): Fault => {
  count('fortnight_chat_forged_total', 'Calls of chats whose signature was wrong, missing or old.')
  return new Fault('wrong-credentials', 'The signature of this call is missing, wrong or old.')
}

const readPress = (body: string) => {
  try {
    return slackPress.safeParse(JSON.parse(new URLSearchParams(body).get('payload') ?? '')).data
  } catch {
    return undefined
  }
}

/** @returns the promise that the button belongs to, if it went to this very member */
const promiseOf = async (
  platform: Platform,
  channel: 'slack' | 'mattermost',
  value: string | undefined,
  member: string,
) => {
  const { db } = platform.database
  const messageId = pressedIntent.safeParse(value).data
  const [intent] = messageId === undefined ? [] : await findSentAs(db, messageId)
  if (!intent?.method_id || intent.channel !== channel) return undefined
  const method = await findMethod(db, intent.method_id)
  return method?.target_digest.equals(digestOfTarget(platform, channel, member))
    ? { ...intent, messageId }
    : undefined
}

/** The page, or all that a message of several listed. */
const take = (
  platform: Platform,
  intent: SentIntent & { readonly messageId: string | undefined },
): Promise<Answer> => {
  const ctx = systemCtx(platform, 'chat')
  const who = { accountId: intent.account_id, methodId: intent.method_id }
  return intent.bundle_id !== null && intent.bundle_id === intent.messageId
    ? takeBundleByMessage(ctx, { bundleId: intent.bundle_id, ...who })
    : takeByMessage(ctx, { pageId: intent.page_id, ...who })
}

const takeSlackAction = async (platform: Platform, request: FastifyRequest): Promise<void> => {
  if (!canSlack(platform)) throw notFound('A Slack app')
  const body = textOf(request)
  if (!isFromSlack(platform, request.headers, body)) throw forged()
  const press = readPress(body)
  if (!press) throw new Fault('invalid-input', 'Nothing was changed. This is no button of ours.')
  // A button that leads to an address is reported, too; there is nothing to do for it.
  const action = press.actions.find(({ action_id }) => action_id === TAKE_ACTION)
  const intent = action && (await promiseOf(platform, 'slack', action.value, press.user.id))
  if (!intent) return
  const { words } = await take(platform, intent)
  // Slack shows nothing of our answer to the press; the page is taken whether or not this arrives.
  await postToSlack(platform, { to: press.user.id, text: words })
}

const readJson = (body: string): unknown => {
  try {
    return JSON.parse(body)
  } catch {
    return undefined
  }
}

/** @returns what their server shows in place of the message, or to the one who pressed */
const takeMattermostAction = async (platform: Platform, request: FastifyRequest): Promise<object> => {
  if (!canMattermost(platform)) throw notFound('A Mattermost server')
  const press = mattermostPress.safeParse(readJson(textOf(request))).data
  if (!press) throw new Fault('invalid-input', 'Nothing was changed. This is no button of ours.')
  const { subject, proof } = press.context
  if (!isOurButton(platform, subject, proof)) throw forged()
  const intent = await promiseOf(platform, 'mattermost', subject, press.user_name)
  if (!intent) return {}
  const { words } = await take(platform, intent)
  return { update: { message: words, props: {} } }
}

type Name = keyof typeof chatRoutes

export const bindChat = (http: FastifyInstance, platform: Platform): void => {
  const answers: Readonly<Record<Name, (request: FastifyRequest) => Promise<object | undefined>>> = {
    slackAction: async (request) => {
      await takeSlackAction(platform, request)
      return undefined
    },
    mattermostAction: (request) => takeMattermostAction(platform, request),
  }
  void http.register(async (scope) => {
    // A signature is over the bytes as they came.
    scope.removeAllContentTypeParsers()
    scope.addContentTypeParser('*', { parseAs: 'string' }, (_request, body, done) => done(null, body))
    for (const name of Object.keys(chatRoutes) as Name[]) {
      const route = chatRoutes[name]
      declareRoute(http, name, route)
      scope.post(route.path, { bodyLimit: route.bodyLimit }, async (request, reply) => {
        const answer = await answers[name](request)
        return reply.header('cache-control', 'no-store').code(200).send(answer)
      })
    }
  })
}
