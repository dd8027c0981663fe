/** Makes secrets that look real and never were, so that no test and no demo has to keep one in the repository. */

/** An integer from 0 up to, not including, `below`. */
export type RandomInteger = (below: number) => number

/** `shown` is what a terminal prints; none of `secrets` may survive in what is stored. */
export type FakeSecret = {
  readonly rule: string
  readonly shown: string
  readonly secrets: readonly string[]
}

const DIGITS = '0123456789'
const LOWER = 'abcdefghijklmnopqrstuvwxyz'
const UPPER = LOWER.toUpperCase()
const WORD = LOWER + UPPER + DIGITS
const BASE64 = `${WORD}+/`
const BASE64_URL = `${WORD}-_`

/** One of each kind that the rules promise to find. */
export const fakeSecrets = (random: RandomInteger): readonly FakeSecret[] => {
  const text = (length: number, alphabet: string = WORD): string =>
    Array.from({ length }, () => alphabet[random(alphabet.length)]).join('')
  const one = (rule: string, secret: string, around: (secret: string) => string = (s) => s): FakeSecret => ({
    rule,
    shown: around(secret),
    secrets: [secret],
  })
  // Parts are joined here so that no scanner of this repository takes the alphabet for a key.
  const jwt = (): string =>
    ['eyJ' + text(30, BASE64_URL), 'eyJ' + text(80, BASE64_URL), text(43, BASE64_URL)].join('.')
  return [
    ...tokens(one, text, jwt),
    ...places(one, text),
    privateKey(text, 'RSA PRIVATE KEY', ''),
    privateKey(text, 'OPENSSH PRIVATE KEY', '    '),
    manifestBeforeKind(text),
    manifestAfterKind(text),
    manifestJson(text),
  ]
}

type One = (rule: string, secret: string, around?: (secret: string) => string) => FakeSecret
type Text = (length: number, alphabet?: string) => string

const tokens = (one: One, text: Text, jwt: () => string): readonly FakeSecret[] => [
  one('jwt', jwt(), (s) => `token for the dashboard ${s} (valid 1h)`),
  one('github-token', `gh${'p'}_${text(36)}`),
  one('github-token', `github_${'pat'}_${text(22)}_${text(40)}`),
  one('gitlab-token', `gl${'pat'}-${text(20, BASE64_URL)}`),
  one('slack-token', `xo${'xb'}-${text(12, DIGITS)}-${text(24)}`),
  one(
    'slack-token',
    `T${text(8, UPPER)}/B${text(8, UPPER)}/${text(24)}`,
    (s) => `https://hooks.slack.com/services/${s}`,
  ),
  one('age-key', `AGE-SECRET-${'KEY'}-1${text(58, UPPER + DIGITS)}`),
  one('aws-key', `AK${'IA'}${text(16, `${UPPER}234567`)}`, (s) => `aws_access_key_id = ${s}`),
  one('gcp-key', `AI${'za'}${text(35, BASE64_URL)}`),
  one('openstack-token', `gAA${'AA'}A${text(170, BASE64_URL)}`),
  one('vault-token', `hv${'s'}.${text(24)}`),
  one('password-hash', `$2${'y'}$10$${text(53)}`, (s) => `admin:${s}`),
]

const places = (one: One, text: Text): readonly FakeSecret[] => [
  one('assignment', text(40, BASE64), (s) => `aws_secret_access_key = ${s}`),
  one('assignment', text(18), (s) => `export PGPASSWORD=${s}`),
  one('assignment', `${text(9)} ${text(9)}`, (s) => `OS_APPLICATION_CREDENTIAL_SECRET="${s}"`),
  one('assignment', text(24), (s) => `env DB_TOKEN='${s}' ./migrate`),
  one('kubeconfig', `LS0t${text(200, BASE64)}==`, (s) => `    client-key-data: ${s}`),
  one('field', text(32), (s) => `    token: ${s}`),
  one('field', text(20), (s) => `  "smtpPassword": "${s}",`),
  one(
    'authorization',
    text(40, BASE64_URL),
    (s) => `curl -H 'Authorization: Bearer ${s}' https://api.example`,
  ),
  one('authorization', `${text(30, BASE64)}==`, (s) => `authorization: Basic ${s}`),
  one('url-password', text(16), (s) => `postgres://app:${s}@db.example:5432/app`),
  one('flag', text(14), (s) => `helm upgrade x --set a=b --password ${s} --wait`),
  one('literal', text(14), (s) => `kubectl create secret generic x --from-literal=admin=${s}`),
  one('curl-user', text(14), (s) => `curl -sS -u admin:${s} https://grafana.example`),
  one('registry-auth', `${text(30, BASE64)}==`, (s) => `{"auths":{"registry.example":{"auth":"${s}"}}}`),
]

const privateKey = (text: Text, name: string, indent: string): FakeSecret => {
  const body = [text(64, BASE64), text(64, BASE64), text(64, BASE64), `${text(30, BASE64)}==`]
  const lines = [`-----BEGIN ${name}-----`, ...body, `-----END ${name}-----`].map((line) => indent + line)
  return { rule: 'private-key', shown: lines.join('\r\n'), secrets: body }
}

const manifestBeforeKind = (text: Text): FakeSecret => {
  const secrets = [`${text(26, BASE64)}==`, text(40, BASE64)]
  const lines = ['apiVersion: v1', 'data:', `  password: ${secrets[0]}`, `  url: ${secrets[1]}`]
  return {
    rule: 'secret-manifest',
    shown: [...lines, 'kind: Secret', 'metadata:', '  name: app', 'type: Opaque'].join('\r\n'),
    secrets,
  }
}

const manifestAfterKind = (text: Text): FakeSecret => {
  const secrets = [text(21), text(33)]
  const lines = ['apiVersion: v1', 'kind: Secret', 'metadata:', '  name: app', 'stringData:']
  return {
    rule: 'secret-manifest',
    shown: [...lines, `  one: ${secrets[0]}`, '  file: |', `    ${secrets[1]}`, 'type: Opaque'].join('\r\n'),
    secrets,
  }
}

const manifestJson = (text: Text): FakeSecret => {
  const secrets = [`${text(22, BASE64)}==`]
  const lines = [
    '{',
    '    "apiVersion": "v1",',
    '    "data": {',
    `        "token": "${secrets[0]}"`,
    '    },',
  ]
  return { rule: 'secret-manifest', shown: [...lines, '    "kind": "Secret"', '}'].join('\r\n'), secrets }
}
