/** Tells from a command line that its whole output is a secret: nothing in a decoded value says so by itself. */

const READS_A_SECRET = [
  /^(?:kubectl|oc|k)\b.*\bget\s+(?:secrets?|secrets?\/\S+)\b.*\s(?:-o\s*=?\s*|--output[=\s]\s*|--template[=\s]\s*)["']?(?:jsonpath|go-template|template|custom-columns|\{)/,
  /^(?:kubectl|oc|k)\b.*\b(?:view-secret|modify-secret|create\s+token)\b/,
  /^(?:base64|gbase64)\b.*\s(?:-d|-D|--decode|-di)\b/,
  /^sops\b(?:.*\s(?:-d|--decrypt)\b|\s+decrypt\b)/,
  /^(?:age|rage)\b.*\s(?:-d|--decrypt)\b/,
  /^gpg2?\b.*\s(?:-d|--decrypt)\b/,
  /^vault\s+(?:kv\s+get|read)\b/,
  /^(?:pass|gopass)\s+(?!ls\b|list\b|find\b|git\b|insert\b|generate\b|init\b|version\b)\S/,
  /^op\s+(?:read|item\s+get)\b/,
  /^bw\s+get\b/,
  /^aws\s+secretsmanager\s+get-secret-value\b/,
  /^(?:openssl\s+rand|pwgen|apg|uuidgen-secret)\b/,
  /^openssl\s+(?:genrsa|genpkey|rsa|pkey|ec)\b/,
] as const

/** Stages that pass on what they are given; anything else (`kubectl apply -f -`) prints something of its own. */
const PASSES_ON =
  /^(?:base64|gbase64|cat|tac|head|tail|grep|egrep|jq|yq|sed|awk|cut|tr|sort|uniq|tee|xargs|less|more|bat|rev|fold|xxd|hexdump|od|zcat|gunzip|gzip|column|paste)\b/

const PREFIX = /^(?:(?:sudo|command|env|time|nohup|watch)\s+(?:-\S+\s+)*|\w+=\S*\s+)*/

/** @param command as typed; pipelines joined by `;`, `&&`, `||` are judged one by one, substitutions are not output. */
export const printsASecret = (command: string): boolean =>
  withoutSubstitutions(command)
    .split(/\n|;|&&|\|\||&(?!>)/)
    .some((pipeline) => {
      const stages = pipeline.split('|').map((stage) => stage.trim().replace(PREFIX, ''))
      const from = stages.findIndex((stage) => READS_A_SECRET.some((pattern) => pattern.test(stage)))
      return from !== -1 && stages.slice(from + 1).every((stage) => PASSES_ON.test(stage))
    })

/** Inside out, so that `$(a $(b))` goes wholly. Bounded: a command line is not a program. */
const withoutSubstitutions = (command: string): string => {
  let text = command.replaceAll(/`[^`]*`/g, '_')
  for (let depth = 0; depth < 8; depth++) {
    const inner = text.replaceAll(/\$\([^()]*\)|<\([^()]*\)/g, '_')
    if (inner === text) break
    text = inner
  }
  return text
}
