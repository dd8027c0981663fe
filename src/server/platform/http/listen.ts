/** Opens the port with a sentence where that fails, and closes it without letting anybody hold up the stop. */
import { createServer } from 'node:net'
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'

const reasons: Readonly<Record<string, (config: Config) => string>> = {
  EADDRINUSE: ({ PORT, HOST }) =>
    `Port ${PORT} at ${HOST} is in use by another program, or by a Fortnight that already runs. Stop that one, or choose another port: PORT=${PORT === 65535 ? PORT - 1 : PORT + 1}.`,
  EACCES: ({ PORT }) => `Port ${PORT} may not be opened by this user. Choose one above 1023 with PORT.`,
  EADDRNOTAVAIL: ({ HOST }) =>
    `This machine has no address ${HOST}. Set HOST to one of its own, or to 0.0.0.0.`,
  ENOTFOUND: ({ HOST }) => `The name ${HOST} leads nowhere. Set HOST to an address of this machine.`,
}

const explained = (error: unknown, config: Config): unknown => {
  const reason = reasons[(error as { code?: string }).code ?? '']
  return reason ? new Error(reason(config), { cause: error }) : error
}

/** @throws Error with a sentence a person can act on */
export const listen = async (http: FastifyInstance, config: Config): Promise<void> => {
  try {
    await http.listen({ port: config.PORT, host: config.HOST })
  } catch (error) {
    throw explained(error, config)
  }
}

/**
 * Asked before the database is brought up: whoever cannot be served should wait for nothing. Somebody may still take
 * the port afterwards; then `listen` says the same.
 * @throws Error with the sentence of `listen`
 */
export const refuseUnusablePort = (config: Config): Promise<void> =>
  new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', (error) => reject(explained(error, config)))
    probe.listen({ port: config.PORT, host: config.HOST }, () => probe.close(() => resolve()))
  })

/** Takes nothing new, lets what is under way finish, and after `graceMs` cuts off who still has not. */
export const drain = async (http: FastifyInstance, graceMs: number): Promise<void> => {
  const timer = setTimeout(() => http.server.closeAllConnections(), graceMs)
  try {
    await http.close()
  } finally {
    clearTimeout(timer)
  }
}
