/** The rules an operator's terminal needs: what general secret scanners miss in kubeconfigs, manifests and shells. */
import type { SecretRule } from './secret-rule.ts'

/** Named in every recording; to be changed with any change of a rule. */
export const RULESET = 'operator-2026-11b'

/** A value that stands for another one: `$TOKEN`, `${TOKEN}`, `$(…)`, `<token>`, `{{ … }}`, `***`, or one redacted before. */
const NOT_A_REFERENCE = String.raw`(?!\\?"?\$[\w{(]|\\?["']?[<‹*]|\\?["']?\{\{|null\b|true\b|false\b)`

/** A shell or YAML value: in quotes up to the closing one, else up to white space or a separator. */
const VALUE = String.raw`(?:"([^"\n]{4,}?)\\?"|'([^'\n]{4,})'|([^\s"'` + '`' + String.raw`;&|,(){}]{4,}))`

const SECRET_WORD = String.raw`pass(?:word|wd|phrase)|token|secret(?:[_-]?(?:access[_-]?)?key)?|(?:api|access|private|encryption|account|auth)[_-]?key|credentials?|pwd`

const rule = (name: string, keywords: readonly string[], source: string, flags = 'gd'): SecretRule => ({
  name,
  keywords,
  pattern: new RegExp(source, flags),
})

const SECRET_KEYWORDS = ['pass', 'token', 'secret', 'key', 'credential', 'pwd'] as const

/** Values that say by their own look what they are. */
const TOKENS: readonly SecretRule[] = [
  rule(
    'private-key',
    ['private key'],
    String.raw`-----BEGIN [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----.*?-----END [A-Z0-9 ]*PRIVATE KEY[A-Z ]*-----`,
  ),
  rule('jwt', ['eyj'], String.raw`eyJ[\w-]{10,8000}\.[\w-]*\.[\w-]*(?:\.[\w-]*){0,2}`),
  rule(
    'github-token',
    ['ghp_', 'gho_', 'ghu_', 'ghs_', 'ghr_', 'github_pat_'],
    String.raw`gh[pousr]_\w{16,}|github_pat_\w{22,}`,
  ),
  rule(
    'gitlab-token',
    [
      'glpat-',
      'gldt-',
      'glrt-',
      'glcbt-',
      'glptt-',
      'glft-',
      'glagent-',
      'gloas-',
      'glsoat-',
      'glimt-',
      'glffct-',
    ],
    String.raw`gl(?:pat|dt|rt|cbt|ptt|ft|agent|oas|soat|imt|ffct)-[\w.-]{16,}`,
  ),
  rule(
    'slack-token',
    ['xox', 'xapp-', 'hooks.slack'],
    String.raw`xox[a-z]-[\w-]{10,}|xapp-[\w-]{10,}|hooks\.slack\.com/(?:services|workflows)/([\w/+-]{20,})`,
  ),
  rule(
    'age-key',
    ['age-secret-key-', 'age-plugin-'],
    String.raw`AGE-(?:SECRET-KEY|PLUGIN-[A-Z0-9]+)-1[0-9A-Z]{20,}`,
    'gdi',
  ),
  rule('aws-key', ['akia', 'asia', 'abia', 'acca'], String.raw`(?:AKIA|ASIA|ABIA|ACCA)[A-Z2-7]{16}\b`),
  rule('gcp-key', ['aiza', 'ya29.'], String.raw`AIza[\w-]{35}|ya29\.[\w.-]{20,}`),
  rule('openstack-token', ['gaaaa'], String.raw`gAAAA[\w-]{50,}={0,2}`),
  rule('vault-token', ['hvs.', 'hvb.', 'hvr.'], String.raw`hv[sbr]\.[\w-]{20,}`),
  rule(
    'registry-token',
    ['npm_', 'dckr_pat_', 'pypi-'],
    String.raw`npm_\w{30,}|dckr_pat_[\w-]{20,}|pypi-[\w-]{50,}`,
  ),
  rule('fortnight-token', ['fnp_', 'fni_', 'fns_'], String.raw`fn[pis]_\w{8,}`),
  rule(
    'password-hash',
    ['$2', '$5', '$6', '$7', '$y', '$argon'],
    String.raw`\$(?:2[abxy]|5|6|7|y|argon2(?:id|i|d))\$[^\s:"']{16,}`,
  ),
]

/** Values that only their neighbourhood gives away. */
const PLACES: readonly SecretRule[] = [
  rule(
    'authorization',
    ['authorization', 'bearer', 'geniekey', 'x-auth-token', 'private-token', 'x-api-key', 'x-vault-token'],
    String.raw`\b(?:(?:proxy-)?authorization\\?["']?\s*[:=]\s*\\?["']?(?:(?:bearer|basic|digest|token|geniekey|negotiate|apikey)\s+)?|(?:x-auth-token|private-token|x-api-key|x-vault-token)\\?["']?\s*[:=]\s*\\?["']?|(?:bearer|geniekey)\s+(?=[\w.~+/=:-]{0,40}\d))${NOT_A_REFERENCE}([\w.~+/=:-]{8,})`,
    'gdi',
  ),
  rule(
    'url-password',
    ['://'],
    String.raw`\b[a-z][a-z0-9+.-]{0,20}:\/\/[^\s/:@"'<>]*:${NOT_A_REFERENCE}([^\s/@"'<>]+)@`,
    'gdi',
  ),
  rule(
    'kubeconfig',
    ['client-key-data', 'id-token', 'refresh-token', 'access-token'],
    String.raw`\b(?:client-key-data|id-token|refresh-token|access-token)\\?["']?\s*[:=]\s*${NOT_A_REFERENCE}${VALUE}`,
    'gdi',
  ),
  rule(
    'registry-auth',
    ['auth"', 'auth\\"', 'identitytoken'],
    String.raw`\\?"(?:auth|identitytoken)\\?"\s*:\s*\\?"([\w+/=.-]{8,})\\?"`,
    'gdi',
  ),
  rule(
    'service-account-key',
    ['private_key'],
    String.raw`\\?"private_key(?:_id)?\\?"\s*:\s*\\?"([^"\s][^"]{8,})"`,
    'gdi',
  ),
  rule(
    'assignment',
    SECRET_KEYWORDS,
    String.raw`(?:${SECRET_WORD})\w{0,40}\s?=\s?${NOT_A_REFERENCE}${VALUE}`,
    'gdi',
  ),
  rule(
    'flag',
    SECRET_KEYWORDS,
    String.raw`(?:^|\s)--?(?:[a-z0-9-]{0,40}-)?(?:${SECRET_WORD})(?:=|\s+)(?!-)${NOT_A_REFERENCE}${VALUE}`,
    'gdi',
  ),
  rule(
    'field',
    SECRET_KEYWORDS,
    String.raw`(?:^|[\s{,"'\\-])(?:[\w.-]{0,60}[_.-])?(?:pass(?:word|wd|phrase)|\w{0,40}token|client[_-]?secret|\w{0,40}secret[_-]?(?:access[_-]?)?key|application[_-]credential[_-]secret|(?:api|access|private|encryption|account|auth)[_-]?key|sessiontoken|secretaccesskey|pwd)\\?["']?\s*:\s+?(?!\s)${NOT_A_REFERENCE}(?:\\?"([^"\n]{4,}?)\\?"|'([^'\n]{4,})'|([^\s"',{}[\]]{6,}))`,
    'gdi',
  ),
  rule(
    'field',
    SECRET_KEYWORDS,
    String.raw`\\?"(?:[\w.-]{0,80}(?:password|passwd|passphrase|token|secret|secret_?key|api_?key|access_?key|secretaccesskey|sessiontoken|credentials?))\\?"\s*:\s*\\?"${NOT_A_REFERENCE}([^"\\\n]{4,})`,
    'gdi',
  ),
  rule(
    'literal',
    ['from-literal'],
    String.raw`--from-literal[=\s]+["']?[^=\s"']+=${NOT_A_REFERENCE}${VALUE}`,
    'gdi',
  ),
  rule(
    'curl-user',
    ['curl ', 'wget ', 'http ', 'https '],
    String.raw`\b(?:curl|wget|https?)\b.{0,500}?\s(?:-u\s?|--(?:proxy-)?user[=\s])\s*["']?[^\s:"']+:${NOT_A_REFERENCE}([^\s"']{3,})`,
    'gdi',
  ),
  rule(
    'mysql-password',
    ['mysql', 'mariadb'],
    String.raw`\b(?:mysql|mysqldump|mysqladmin|mariadb)\b.{0,500}?\s-p${NOT_A_REFERENCE}([^\s"']{3,})`,
    'gdi',
  ),
]

/**
 * While a command runs, the kernel echoes what is typed ahead: a cursor key as `^[[D`, and behind it what was put in between.
 * The pieces of a secret then stand in an order in which no rule knows them, so the whole line goes. Colours (`^[[31m` of
 * `cat -v`) are not cursor keys.
 */
const TYPED_AHEAD: readonly SecretRule[] = [
  {
    ...rule('typed-ahead', ['^['], String.raw`^.*\^\[(?:\[[\d;]{0,8}(?:[A-DFH]|[13478]~)|O[A-DFH]).*`),
    inOutputOnly: true,
  },
]

export const SECRET_RULES: readonly SecretRule[] = [...TOKENS, ...PLACES, ...TYPED_AHEAD]
