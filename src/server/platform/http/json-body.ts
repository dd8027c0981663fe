/** Reads JSON bodies: strict UTF-8 and an answer that says where the fault is. */
import type { FastifyInstance } from 'fastify'
import { Fault } from '../faults.ts'

const utf8 = new TextDecoder('utf-8', { fatal: true })

const textOf = (bytes: Buffer): string => {
  try {
    return utf8.decode(bytes)
  } catch {
    throw new Fault('bad-request', 'The body is not valid UTF-8.')
  }
}

/** V8 says "… in JSON at position 12 (line 1 column 13)" and quotes the body, which we do not repeat. */
const whereIn = (message: string): string =>
  /\(line \d+ column \d+\)/.exec(message)?.[0].slice(1, -1) ?? 'its end'

const parse = (text: string): unknown => {
  try {
    return JSON.parse(text)
  } catch (error) {
    throw new Fault('bad-request', `The body is not valid JSON: see ${whereIn((error as Error).message)}.`)
  }
}

/** An empty body is no body: clients send the header on every POST. */
export const parseJsonBodies = (app: FastifyInstance): void => {
  app.removeContentTypeParser('application/json')
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, bytes, done) => {
    try {
      const text = textOf(bytes as Buffer)
      if (text.trim() === '') return done(null, undefined)
      return done(null, parse(text))
    } catch (error) {
      return done(error as Error)
    }
  })
}
