import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { load } from 'js-yaml';
import * as v from 'valibot';

export const RULES = fileURLToPath(new URL('../../deploy/prometheus/gen-random.rules.yml', import.meta.url));

const RULE = v.object({
  alert: v.string(),
  expr: v.string(),
  for: v.optional(v.string()),
  labels: v.record(v.string(), v.string()),
  annotations: v.object({ summary: v.string(), runbook_url: v.string() }),
});

const FILE = v.object({ groups: v.array(v.object({ name: v.string(), rules: v.array(RULE) })) });

export const ALERTS = v.parse(FILE, load(readFileSync(RULES, 'utf8'))).groups.flatMap(({ rules }) => rules);
