/** Decisions of a fictional team: decided, proposed, and one that is owed. */
import {
  decisionRoutes,
  type DecisionDetailReply,
  type DecisionRowReply,
} from '../../../src/contract/operations/decision-log.ts'
import { environmentRef, person } from './people.ts'
import { days, hours, newId, now, pageThrough, pick, replyTo, type Answer, type Case } from './reply.ts'

const row = (
  position: number,
  what: string,
  status: DecisionRowReply['status'],
  age: number,
): DecisionRowReply => ({
  id: newId(),
  number: `D-${14 - position}`,
  environment: environmentRef(position),
  status,
  what,
  breakGlass: status === 'break-glass-owed',
  owed: status === 'break-glass-owed' ? { what: 'write-up', dueAt: now + hours(9), overdue: false } : null,
  validUntil: null,
  openedAt: now - hours(age),
  openedBy: person(position),
  decidedAt: status === 'decided' ? now - hours(age) : null,
  decidedBy: status === 'decided' ? person(position + 1) : null,
})

const rows: readonly DecisionRowReply[] = [
  row(0, 'Grow the data volumes of OpenSearch from 100 to 200 GiB', 'decided', 0.2),
  row(1, 'Restart the API server of workload-2 by hand', 'break-glass-owed', 3),
  row(
    2,
    'Move the ingress controllers to the new node group before the certificates are renewed',
    'proposed',
    26,
  ),
  row(3, 'Upgrade to 0.42.1 in the window of week 48', 'decided', 80),
  row(0, 'Keep audit logs for 400 days', 'superseded', 900),
]
const owedRow = rows[1]!

const rowsFor = (kase: Case): readonly DecisionRowReply[] =>
  kase === 'empty'
    ? []
    : kase === 'thousand'
      ? Array.from({ length: 1000 }, (_, n) => ({ ...pick(rows, n), id: newId(), number: `D-${1000 - n}` }))
      : rows

const terms = {
  what: rows[0]!.what,
  why: 'The volume of `data-opensearch-data-2` fills up within the hour. Retention cannot be shortened without the customer.\n\nThe storage class allows growing online.',
  options: [
    {
      title: 'Grow all three volumes online',
      chosen: true,
      note: 'No restart; seen to work in staging last month.',
    },
    { title: 'Delete indices older than 60 days', chosen: false, note: 'Needs the customer, who sleeps.' },
  ],
  risk: 'The resize may hang until the pod is restarted; one replica is then missing for some minutes.',
  rollback: '- volumes cannot shrink: there is no way back\n- cost is 3 × 100 GiB',
  validUntil: null,
}

const detail = (kase: Case): DecisionDetailReply => {
  const shown = kase === 'empty' ? owedRow : rows[0]!
  const glass =
    kase === 'empty'
      ? {
          why: 'The API server was down and every minute counted.',
          openedAt: shown.openedAt,
          writeUpBy: now + hours(9),
          reviewBy: now + days(2),
          writtenUp: null,
          review: null,
        }
      : null
  return {
    ...shown,
    terms: glass ? null : terms,
    cooperation: glass ? null : { kind: 'internal', contacts: [] },
    entries: glass
      ? []
      : [
          { at: shown.openedAt - hours(1), by: person(0), reason: 'proposed', terms },
          { at: shown.openedAt, by: person(1), reason: 'The third volume was forgotten', terms },
        ],
    glass,
    ending: null,
    covers: glass ? { covered: true, why: null } : { covered: true, why: null },
    can: {
      decide: false,
      amend: !glass,
      supersede: !glass,
      withdraw: !glass,
      writeUp: Boolean(glass),
      review: false,
      record: true,
    },
  }
}

export const decisionReplies: readonly Answer[] = [
  replyTo(decisionRoutes.listDecisions)((kase, asked) => ({
    ...pageThrough(
      asked.query.get('owed') ? rowsFor(kase).filter(({ owed }) => owed !== null) : rowsFor(kase),
      asked,
    ),
    owedCount: kase === 'empty' ? 0 : 1,
  })),
  replyTo(decisionRoutes.getDecision)(detail),
]
