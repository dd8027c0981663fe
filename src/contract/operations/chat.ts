/** What chats send back when somebody presses a button of ours. */
import { z } from 'zod'
import { defineRoutes } from '../route.ts'
import { id } from '../shapes.ts'

/** The part of Slack's block_actions that matters (api.slack.com/reference/interaction-payloads/block-actions). */
export const slackPress = z.object({
  type: z.literal('block_actions'),
  user: z.object({ id: z.string().max(40) }),
  actions: z
    .array(z.object({ action_id: z.string().max(255), value: z.string().max(2_000).optional() }))
    .max(25),
})
export const pressedIntent = id

/** What a Mattermost server posts for a button (developers.mattermost.com/integrate/plugins/interactive-messages). */
export const mattermostPress = z.object({
  user_name: z.string().max(100),
  context: z.object({ subject: id, proof: z.string().max(100) }),
})

export const chatRoutes = defineRoutes({
  slackAction: {
    method: 'POST',
    path: '/chat/slack/actions',
    summary: 'A button pressed in Slack: set this address as the Request URL of interactivity; signed (v0)',
    permission: 'public',
    reply: z.unknown(),
    errors: ['wrong-credentials', 'not-found', 'invalid-input'],
    bodyLimit: 256 * 1024,
  },
  mattermostAction: {
    method: 'POST',
    path: '/chat/mattermost/actions',
    summary:
      'A button pressed in Mattermost; proven by what its server keeps of our message and shows to nobody',
    permission: 'public',
    reply: z.unknown(),
    errors: ['wrong-credentials', 'not-found', 'invalid-input'],
    bodyLimit: 256 * 1024,
  },
})
