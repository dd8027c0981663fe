/** TLS before a server, with a certificate of an authority of our own: for clients that speak https alone. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { request } from 'node:http'
import { createServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export type TlsFront = {
  /** `localhost:port` */
  readonly host: string
  /** Path of the authority's certificate, as NODE_EXTRA_CA_CERTS wants it. */
  readonly authority: string
  readonly close: () => void
}

const program = process.env['FORTNIGHT_OPENSSL'] ?? 'openssl'

const openssl = (folder: string, ...args: string[]): void => {
  const { status, stderr } = spawnSync(program, args, { cwd: folder, encoding: 'utf8' })
  if (status !== 0) throw new Error(`openssl ${args[0]}: ${stderr}`)
}

/** Keys of a minute ago, for this run alone. */
const makeCertificates = (folder: string): void => {
  const subject = (name: string) => ['-subj', `/CN=${name}`]
  const fresh = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2']
  openssl(
    folder,
    'req',
    '-x509',
    ...fresh,
    ...subject('Test authority'),
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
  )
  openssl(
    folder,
    'req',
    ...fresh.slice(0, 5),
    ...subject('localhost'),
    '-keyout',
    'own.key',
    '-out',
    'own.csr',
  )
  writeFileSync(join(folder, 'names'), 'subjectAltName=DNS:localhost\n')
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-extfile', 'names', '-days', '2']
  openssl(folder, 'x509', '-req', '-in', 'own.csr', ...signed, '-out', 'own.pem')
}

/** @param url of the server behind it */
export const openTlsFront = async (url: string): Promise<TlsFront> => {
  const folder = mkdtempSync(join(tmpdir(), 'fortnight-tls-'))
  makeCertificates(folder)
  const target = new URL(url)
  const certificate = {
    key: readFileSync(join(folder, 'own.key')),
    cert: readFileSync(join(folder, 'own.pem')),
  }
  const front = createServer(certificate, (incoming, outgoing) => {
    const onward = request(
      {
        host: target.hostname,
        port: target.port,
        method: incoming.method,
        path: incoming.url,
        headers: incoming.headers,
      },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      },
    )
    onward.on('error', () => outgoing.destroy())
    incoming.pipe(onward)
  })
  await new Promise<void>((listening) => front.listen(0, 'localhost', listening))
  return {
    host: `localhost:${(front.address() as AddressInfo).port}`,
    authority: join(folder, 'ca.pem'),
    close: () => {
      front.closeAllConnections()
      front.close()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
