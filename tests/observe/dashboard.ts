import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import * as v from 'valibot';

const FILE = fileURLToPath(new URL('../../deploy/grafana/gen-random.json', import.meta.url));

const DATA_SOURCE = v.object({ type: v.literal('prometheus'), uid: v.literal(`\${datasource}`) });
const PLACE = v.object({ h: v.number(), w: v.pipe(v.number(), v.maxValue(24)), x: v.number(), y: v.number() });
const ROW = v.object({ id: v.number(), type: v.literal('row'), title: v.string(), gridPos: PLACE });
const PANEL = v.object({
  id: v.number(),
  type: v.picklist(['timeseries', 'stat']),
  title: v.string(),
  description: v.string(),
  datasource: DATA_SOURCE,
  gridPos: PLACE,
  fieldConfig: v.object({ defaults: v.object({ unit: v.string() }) }),
  targets: v.pipe(
    v.array(v.object({ refId: v.string(), expr: v.string(), legendFormat: v.string(), datasource: DATA_SOURCE })),
    v.minLength(1),
  ),
});

/** What Grafana's importer needs of a dashboard (its JSON model, schema version 39). */
const DASHBOARD = v.object({
  title: v.string(),
  uid: v.string(),
  schemaVersion: v.literal(39),
  templating: v.object({ list: v.array(v.object({ name: v.string(), type: v.string() })) }),
  panels: v.array(v.union([ROW, PANEL])),
});

export const dashboard = v.parse(DASHBOARD, JSON.parse(readFileSync(FILE, 'utf8')));

export const panels = dashboard.panels.filter((panel) => panel.type !== 'row');
