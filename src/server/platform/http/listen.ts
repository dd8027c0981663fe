/** Opens the port with a sentence where that fails, and closes it without letting anybody hold up the stop. */
import type { FastifyInstance } from 'fastify'
import type { Config } from '../config.ts'

const reasons: Readonly<Record<string, (config: Config) => string>> = {
  EADDRINUSE: ({ PORT, HOST }) =>
    `Port ${PORT} at ${HOST} is in use by another program. Stop that one, or choose another port with PORT.`,
  EACCES: ({ PORT }) => `Port ${PORT} may not be opened by this user. Choose one above 1023 with PORT.`,
  EADDRNOTAVAIL: ({ HOST }) =>
    `This machine has no address ${HOST}. Set HOST to one of its own, or to 0.0.0.0.`,
  ENOTFOUND: ({ HOST }) => `The name ${HOST} leads nowhere. Set HOST to an address of this machine.`,
}

/** @throws Error with a sentence a person can act on */
export const listen = async (http: FastifyInstance, config: Config): Promise<void> => {
  try {
    await http.listen({ port: config.PORT, host: config.HOST })
  } catch (error) {
    const reason = reasons[(error as { code?: string }).code ?? '']
    throw reason ? new Error(reason(config), { cause: error }) : error
  }
}

/** Takes nothing new, lets what is under way finish, and after `graceMs` cuts off who still has not. */
export const drain = async (http: FastifyInstance, graceMs: number): Promise<void> => {
  const timer = setTimeout(() => http.server.closeAllConnections(), graceMs)
  try {
    await http.close()
  } finally {
    clearTimeout(timer)
  }
}
