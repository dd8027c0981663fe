/** A real SMTP server that waits where a test tells it to: before it greets, or before it says that it has taken a mail. */
import type { AddressInfo } from 'node:net'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type ObedientMailServer = {
  readonly url: string
  /** Taken with 250, in order. */
  readonly received: ParsedMail[]
  /** Called, and waited for, before a connection is greeted. */
  beforeGreeting: (() => Promise<void>) | undefined
  /** Called, and waited for, when a mail has arrived and 250 is not said yet. */
  beforeAccepting: (() => Promise<void>) | undefined
  readonly close: () => Promise<void>
}

export const startObedientMailServer = async (): Promise<ObedientMailServer> => {
  const received: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onConnect: (_session, done) =>
      void (mailServer.beforeGreeting?.() ?? Promise.resolve()).then(() => done()),
    onData: (stream, _session, done) => {
      const take = async (): Promise<void> => {
        const mail = await simpleParser(stream)
        await mailServer.beforeAccepting?.()
        received.push(mail)
      }
      take().then(() => done(), done)
    },
  })
  // A client that is killed leaves a broken connection behind: that is what these tests do all day.
  server.on('error', () => undefined)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.server.address() as AddressInfo
  const mailServer: ObedientMailServer = {
    url: `smtp://127.0.0.1:${port}`,
    received,
    beforeGreeting: undefined,
    beforeAccepting: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailServer
}
