import { describe, expect, it } from 'vitest';
import { driftDocument } from '../../../src/report/documents/drift.ts';
import { planDocument } from '../../../src/report/documents/plan.ts';
import { renderMarkdown, summaryLimit } from '../../../src/report/formats/markdown.ts';
import { renderDrift, renderPlan } from '../../../src/report/text/text.ts';
import { anyHostileTextSample } from './hostile-sample.ts';
import { create, field, leave, lines, plain, plan, remove, rename, update } from './samples.ts';

const hide = { showSensitive: false };
const one = [field('cronExpression', '0 0 9 * * ?', '0 0 10 * * ?')];

function updates(count: number, of = (index: number) => `update_${index}`) {
  return Array.from({ length: count }, (_, index) => update(of(index), one));
}

const mixed = plan([
  create('new', []),
  update('changed', [field('startWorkflowRequest.input.batchSize', 1, 2), field('description', 'a', 'b')]),
  update('stopped', [field('paused', false, true), field('pausedReason', undefined, 'INC-1')]),
  update('resumed', [field('paused', true, false), field('description', 'a', 'b')], {
    pausedBefore: true,
    pausedReasonBefore: 'ledger down',
  }),
  rename('moved', ['old_name'], []),
  leave('theirs', { reason: 'foreign-owner' }),
  ...updates(44),
  remove('gone'),
]);

describe('the text of a large plan', () => {
  it('50 changes are shown in full, 51 as a table, and with --details all of them', () => {
    const few = renderPlan(planDocument(plan(updates(50)), [], hide), plain);
    const many = planDocument(plan(updates(51)), [], hide);
    expect(few).toContain('cronExpression: "0 0 9 * * ?" → "0 0 10 * * ?"');
    expect(renderPlan(many, plain)).not.toContain('→ "0 0 10');
    expect(renderPlan(many, { ...plain, details: true }).split('→ "0 0 10').length - 1).toBe(51);
    expect(renderPlan(many, plain)).toContain('51 to update');
  });

  it('a line for each change, dangerous ones first', () => {
    const text = renderPlan(planDocument(mixed, [], hide), { ...plain, width: 110 });
    const table = text.split('\n').filter((line) => /^[-+~!>=] /.test(line) && !line.includes('update_'));
    expect(table.join('\n')).toBe(
      lines(`
        - delete          gone       last changed by jane@acme.com at 2026-11-23T19:16:36Z
        ! resume, update  resumed    paused on the server: "ledger down" and 2 more
        ! pause           stopped    reason: "INC-1"
        = refused         theirs     it belongs to another owner: left alone and 1 more
        > rename          moved      renamed from "old_name"
        ~ update          changed    input.batchSize, description
        + create          new
      `).trimEnd(),
    );
    expect(text.split('\n').filter((line) => line.includes('update_'))).toHaveLength(44);
  });

  it('a name from outside is on one line, whatever is in it', () => {
    const texts = anyHostileTextSample(60);
    const document = planDocument(
      plan(texts.map((text) => update(text, [field('description', 'a', text)]))),
      [],
      hide,
    );
    const rows = renderPlan(document, plain)
      .split('\n')
      .filter((line) => line.startsWith('~ update'));
    expect(rows).toHaveLength(60);
  });

  it('drift of more than 50 schedules is a table, too', () => {
    const document = driftDocument(mixed, [], { ...hide, strict: false });
    const text = renderDrift(document, plain);
    expect(text).not.toContain('1 → 2');
    expect(text).toMatch(/^changed +changed +input\.batchSize, description/m);
    expect(renderDrift(document, { ...plain, details: true })).toContain(
      'startWorkflowRequest.input.batchSize: 1 → 2',
    );
  });
});

describe('the Markdown of a large plan', () => {
  const large = planDocument(plan([...updates(400), remove('gone')]), [], hide);

  it('has 300 changes in full, the dangerous ones first, and the others by name', () => {
    const text = renderMarkdown(large, summaryLimit);
    expect(text.split('<details>').length - 1 + (text.includes('- `gone`') ? 1 : 0)).toBe(300);
    expect(text).toContain('of 401 entries 300 are shown in full, 101 by name only, and 0 are left out');
  });
});
