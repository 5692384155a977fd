import { SaxesParser } from 'saxes';
import { describe, expect, test } from 'vitest';
import { loadOf } from '../../../src/fires/load.ts';
import type { Schedule } from '../../../src/model/schedule.ts';
import { loadDocument } from '../../../src/report/documents/load.ts';
import { renderHeat } from '../../../src/report/formats/heat.ts';

const noon = Date.UTC(2026, 10, 23, 12);

function schedule(name: string, cronExpression: string): Schedule {
  return {
    name,
    cronExpression,
    zoneId: 'UTC',
    startWorkflowRequest: { name: 'w', input: {}, taskToDomain: {}, priority: 0 },
    runCatchupScheduleInstances: false,
    paused: false,
  };
}

/** The elements of a text that is well-formed XML, by name; throws when it is none. */
function elements(xml: string): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  const parser = new SaxesParser({ xmlns: true });
  parser.on('error', (error) => {
    throw error;
  });
  parser.on('opentag', ({ name, uri }) => {
    expect(uri).toBe('http://www.w3.org/2000/svg');
    found.set(name, (found.get(name) ?? 0) + 1);
  });
  parser.write(xml).close();
  return found;
}

describe('the load as a picture', () => {
  const hostile = schedule('</title><script>alert(1)</script>&"\'', '0 0 3 * * ?');
  const after = loadOf([schedule('a', '0 0/30 * * * ?'), hostile], noon);

  test('is well-formed, with a field for each minute with fires, and no text from outside', () => {
    const svg = renderHeat(loadDocument(after));
    const found = elements(svg);
    // 48 fields with a tip each, one ground, five of the legend.
    expect(found.get('rect')).toBe(48 + 1 + 5);
    expect(found.get('title')).toBe(48 + 1);
    expect(svg).not.toContain('script');
    expect(svg).toContain('<title>03:00Z: 2 a day</title>');
  });

  test('shows before and after with one scale', () => {
    const svg = renderHeat(loadDocument(after, loadOf([schedule('a', '0 0 3 * * ?')], noon)));
    expect(elements(svg).get('rect')).toBe(1 + 48 + 2 + 5);
    expect(svg.match(/03:00Z: \d+ a day/g)).toStrictEqual(['03:00Z: 1 a day', '03:00Z: 2 a day']);
  });

  test('has light and dark colors, and loads nothing from elsewhere', () => {
    const svg = renderHeat(loadDocument(loadOf([], noon)));
    expect(elements(svg).get('svg')).toBe(1);
    expect(svg).toContain('@media (prefers-color-scheme: dark)');
    expect(svg.replace('http://www.w3.org/2000/svg', '')).not.toMatch(/https?:|url\(|@import|href/);
  });
});
