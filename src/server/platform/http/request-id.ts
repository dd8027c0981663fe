/** The id of a request, shown to whoever meets an error and found in the log: 72 random bits. */
import { randomBytes } from 'node:crypto'

export const newRequestId = (): string => randomBytes(9).toString('base64url')
