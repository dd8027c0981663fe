/** What an attachment is called on download; never shown inline, so a wrong guess does no harm. */
/** A map: a file may be called `notes.constructor`. */
const byEnding: ReadonlyMap<string, string> = new Map(
  Object.entries({
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
  }),
)

export const mediaTypeOf = (fileName: string): string =>
  byEnding.get(fileName.split('.').at(-1)?.toLowerCase() ?? '') ?? 'application/octet-stream'
