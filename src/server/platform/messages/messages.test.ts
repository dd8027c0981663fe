/** Whoever reads is spoken to in a language there is, with dates, numbers and directions as they belong to it. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { html } from '../http/html.ts'
import { plainPage } from '../http/plain-page.ts'
import { catalogue } from './catalogue.ts'
import { addLanguage, IN_ENGLISH, languageOf, localeOf, stranger, writtenIn } from './languages.ts'
import { lengthFor, momentFor } from './moments.ts'

const say = catalogue('test', {
  title: 'Alerts',
  greeting: 'Good morning, {name}',
  alerts: { one: '{count} alert', other: '{count} alerts' },
})
addLanguage('pl', {
  test: { alerts: { one: '{count} alarm', few: '{count} alarmy', other: '{count} alarmów' } },
})
addLanguage('ar', { test: { title: 'تنبيهات' }, moments: { minutes: '{minutes} دقيقة' } })

const reader = (locale: string, zone = 'Europe/Stockholm') => ({ locale, zone })
const MINUTE = 60_000

test('a key that is not there, and a name that is not given, do not compile', () => {
  // @ts-expect-error no such key
  assert.throws(() => say(IN_ENGLISH, 'titel'))
  // @ts-expect-error the name is missing
  assert.equal(say(IN_ENGLISH, 'greeting'), 'Good morning, {name}')
  // @ts-expect-error the count is missing
  assert.equal(say(IN_ENGLISH, 'alerts', {}), '{count} alerts')
  assert.equal(say(IN_ENGLISH, 'greeting', { name: 'Bo' }), 'Good morning, Bo')
})

test('a language is spoken with its own plurals, and what it lacks is said in English, by English rules', () => {
  assert.equal(say(reader('pl-PL'), 'alerts', { count: 3 }), '3 alarmy')
  assert.equal(say(reader('pl-PL'), 'greeting', { name: 'Bo' }), 'Good morning, Bo')
  assert.equal(say(reader('ar'), 'title'), 'تنبيهات')
  assert.equal(say(reader('ar'), 'alerts', { count: 1 }).replace(/^\S+/, '1'), '1 alert')
})

test('unknown, odd and broken locales are English and never fail', () => {
  for (const locale of ['xx', 'en-a', '', 'de-1', 'not a locale', 'x'.repeat(35), 'tlh'])
    assert.deepEqual([languageOf(reader(locale)).tag, say(reader(locale), 'title')], ['en', 'Alerts'], locale)
  assert.equal(localeOf(reader('en-a')), 'en')
  assert.match(momentFor(reader('en-a'), 0), /1970/)
})

test('an instant is in the zone of the reader, written their way, and tells 02:30 from 02:30', () => {
  const at = Date.UTC(2026, 10, 23, 8, 0)
  assert.equal(momentFor(reader('en'), at), 'Mon, Nov 23, 2026 09:00 +01:00')
  assert.equal(momentFor(reader('en-GB', 'Asia/Kolkata'), at), 'Mon, 23 Nov 2026 13:30 +05:30')
  assert.equal(momentFor(reader('de-CH', 'America/New_York'), at), 'Mo., 23. Nov. 2026 03:00 -05:00')
  const first = Date.UTC(2026, 9, 25, 0, 30)
  const [one, two] = [first, first + 60 * MINUTE].map((each) => momentFor(reader('en'), each))
  assert.deepEqual([one?.slice(-12), two?.slice(-12)], ['02:30 +02:00', '02:30 +01:00'])
})

test('ages are said as people say them', () => {
  assert.deepEqual(
    [0, 59_999, 14 * MINUTE, 185 * MINUTE, 49 * 60 * MINUTE, -MINUTE].map((ms) =>
      lengthFor(reader('en'), ms),
    ),
    ['less than a minute', 'less than a minute', '14 min', '3 h 05 min', '2 d 1 h', 'less than a minute'],
  )
  assert.match(lengthFor(reader('ar'), 14 * MINUTE), /دقيقة$/)
})

test('a page says the language of its sentences, which is not always that of its reader, and its direction', () => {
  const page = (locale: string) => plainPage({ reader: reader(locale), title: 't', body: html`<p>t</p>` })
  assert.match(page('en-GB'), /<html lang="en" dir="ltr">/)
  assert.match(page('fr'), /<html lang="en" dir="ltr">/, 'nobody has translated it')
  assert.match(page('ar-EG'), /<html lang="ar" dir="rtl">/)
  assert.deepEqual(writtenIn(reader('pl')), { lang: 'pl', dir: 'ltr' })
  assert.doesNotMatch(page('ar'), /text-align:left|padding-left|padding-right|margin-left/)
})

test('a stranger is spoken to in the first language we write of those their browser names', () => {
  assert.equal(stranger('fr-CH, pl;q=0.8, en;q=0.7').locale, 'pl')
  assert.equal(stranger('en-GB, pl').locale, 'en-GB')
  for (const odd of [undefined, '', '*', ';;;,,,', 'x'.repeat(5_000), '\u202epl', 'fr'])
    assert.equal(stranger(odd).locale, 'en', String(odd).slice(0, 20))
})
