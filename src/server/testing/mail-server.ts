/** A real SMTP server in the test's own process that keeps what it accepts and can be told to refuse. */
import type { AddressInfo } from 'node:net'
import { simpleParser, type ParsedMail } from 'mailparser'
import { SMTPServer } from 'smtp-server'

export type MailServer = {
  readonly url: string
  readonly received: ParsedMail[]
  /** SMTP reply code for the next deliveries, such as 451 or 550; undefined accepts. */
  refuseWith: number | undefined
  readonly close: () => Promise<void>
}

export const startMailServer = async (port = 0): Promise<MailServer> => {
  const received: ParsedMail[] = []
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    onData: (stream, _session, done) => {
      void simpleParser(stream).then((mail) => {
        if (mailServer.refuseWith !== undefined) {
          done(Object.assign(new Error('told to refuse'), { responseCode: mailServer.refuseWith }))
          return
        }
        received.push(mail)
        done()
      }, done)
    },
  })
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  const address = server.server.address() as AddressInfo
  const mailServer: MailServer = {
    url: `smtp://127.0.0.1:${address.port}`,
    received,
    refuseWith: undefined,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  }
  return mailServer
}
