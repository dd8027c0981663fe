/** The calendar text keeps to RFC 5545 whatever names people have, and a rota's calendar says what its timeline says. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import fc from 'fast-check'
import { icalendar } from './icalendar.ts'
import { expectStatus, openRota, weekly, type Rota } from '../rota-for-tests.test.ts'

const runs = { numRuns: Number(process.env['FORTNIGHT_RUNS'] ?? 200) }
const unfold = (calendar: string): string[] => calendar.replaceAll('\r\n ', '').split('\r\n')
/** RFC 5545 section 3.3.11, read the other way round. */
const plain = (value: string): string =>
  value.replace(/\\([\\;,nN])/g, (_all, sign: string) => (sign.toLowerCase() === 'n' ? '\n' : sign))

test('every line fits in 75 octets, no character is cut, and a reader gets the name back', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 120 }), (name) => {
      const given = name.replaceAll(/\r\n|\r/g, '\n')
      const calendar = icalendar(given, [{ key: 'k', from: 0, to: 1_000, summary: given }], 0, 60)
      for (const line of calendar.split('\r\n')) assert.ok(Buffer.byteLength(line) <= 75, line)
      assert.ok(!/[^\r]\n/.test(calendar), 'no bare line feed')
      const summary = unfold(calendar).find((line) => line.startsWith('SUMMARY:'))
      assert.equal(plain(summary?.slice('SUMMARY:'.length) ?? ''), given)
    }),
    runs,
  )
})

let rota: Rota
before(async () => {
  rota = await openRota()
})
after(() => rota.stop())

test('a rota’s calendar has an entry for each shift and each gap; one’s own has one’s own alone', async () => {
  const { team, call, http } = rota
  const [bo] = team.engineers
  const layers = [weekly([bo.id, null])]
  expectStatus(
    await call(team.deliveryManager, 'POST', '/api/schedules', {
      slug: 'primary',
      name: 'Day, night',
      layers,
    }),
    201,
  )
  const get = (token: string, query = '') =>
    http.inject({
      url: `/api/schedules/primary/calendar.ics${query}`,
      headers: { authorization: `Bearer ${token}` },
    })
  const whole = await get(team.auditor.token)
  assert.equal(whole.statusCode, 200)
  assert.match(whole.headers['content-type'] as string, /^text\/calendar/)
  const lines = unfold(whole.body)
  const first = lines.indexOf('SUMMARY:On call: Bo Example (Day\\, night)')
  assert.deepEqual(lines.slice(first - 2, first), ['DTSTART:20261109T080000Z', 'DTEND:20261116T080000Z'])
  assert.ok(lines.includes('SUMMARY:Nobody is on call (Day\\, night)'))
  const uids = lines.filter((line) => line.startsWith('UID:'))
  assert.equal(new Set(uids).size, uids.length)

  const again = unfold((await get(team.auditor.token)).body).filter((line) => line.startsWith('UID:'))
  assert.deepEqual(again, uids, 'the same entries are the same entries at the next reading')
  const own = unfold((await get(bo.token, '?mine=true')).body)
  assert.ok(own.some((line) => line.startsWith('SUMMARY:On call: Bo')))
  assert.ok(!own.some((line) => line.startsWith('SUMMARY:Nobody')))
  assert.ok(
    !unfold((await get(team.auditor.token, '?mine=true')).body).some((line) => line === 'BEGIN:VEVENT'),
  )
  assert.equal((await http.inject('/api/schedules/primary/calendar.ics')).statusCode, 401)
})
