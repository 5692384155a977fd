import { describe, expect, it } from 'vitest';
import { withSection } from '../../../bench/report.ts';

const document = '# Measured\n\nHow.\n\n## Node 20\n\nold\n\n## Node 24\n\nkept\n';

describe('a recorded section', () => {
  it('replaces the one of its heading', () => {
    expect(withSection(document, { heading: 'Node 20', text: '| new |\n' })).toBe(
      '# Measured\n\nHow.\n\n## Node 20\n\n| new |\n\n## Node 24\n\nkept\n',
    );
  });

  it('is added at the end if there is none', () => {
    expect(withSection(document, { heading: 'Node 2', text: 'new\n' })).toBe(
      `${document}\n## Node 2\n\nnew\n`,
    );
  });
});
