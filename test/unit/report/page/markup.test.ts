import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { policy, script, style } from '../../../../src/report/page/generated/assets.ts';
import { html, markupText } from '../../../../src/report/page/markup.ts';

describe('markup', () => {
  it('text is text, in content and in attributes', () => {
    const text = `<script>alert("1")</script>'&amp;`;
    expect(markupText(html`<p title="${text}">${text}</p>`)).toBe(
      `<p title="&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;amp;">&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt;&#39;&amp;amp;</p>`,
    );
  });

  it('invisible and bidirectional characters are escaped', () => {
    expect(markupText(html`${'a\u202eb\u0000\n\ud800'}`)).toBe('a\\u202eb\\u0000\\n\\ud800');
  });

  it('markup, lists, numbers and nothing', () => {
    expect(markupText(html`${[html`<b>${1}</b>`, '<', undefined]}`)).toBe('<b>1</b>&lt;');
  });
});

describe('the policy of a page', () => {
  it('allows its own style and script by their hashes, pictures in the page, and nothing else', () => {
    const hash = (text: string): string => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;
    expect(policy.split('; ')).toStrictEqual([
      "default-src 'none'",
      `style-src ${hash(style)}`,
      `script-src ${hash(script)}`,
      'img-src data:',
      "base-uri 'none'",
      "form-action 'none'",
    ]);
  });
});
