/** What an attachment is called on download; never shown inline, so a wrong guess does no harm. */
const byEnding: Readonly<Record<string, string>> = {
  txt: 'text/plain',
  log: 'text/plain',
  md: 'text/markdown',
  json: 'application/json',
  yaml: 'application/yaml',
  yml: 'application/yaml',
  pdf: 'application/pdf',
  png: 'image/png',
  jpg: 'image/jpeg',
  gz: 'application/gzip',
  zip: 'application/zip',
  cast: 'application/x-asciicast',
}

export const mediaTypeOf = (fileName: string): string =>
  byEnding[fileName.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'application/octet-stream'
