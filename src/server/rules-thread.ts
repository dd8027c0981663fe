/** The thread in which files of rules are read: a program of its own, because a bundle has to be able to start it. */
import { parentPort, workerData } from 'node:worker_threads'
import { readRuleFiles, type RuleFile } from './operations/alert-rules/read-rule-files.ts'

// Between threads there are no origins.
// oxlint-disable-next-line unicorn/require-post-message-target-origin
parentPort?.postMessage(readRuleFiles(workerData as readonly RuleFile[]))
