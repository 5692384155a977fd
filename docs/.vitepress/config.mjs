import { readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../..', import.meta.url));
const { repository } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const home = `https://github.com/${repository.replace('github:', '')}`;

/** The groups of the README's "Documentation", so that a page is listed in one place. */
function sidebar() {
  const [, list = ''] = readFileSync(join(root, 'README.md'), 'utf8').split('\n## Documentation\n');
  const [section = ''] = list.split('\n## ');
  return section.split(/^- /m).flatMap((group) => {
    const items = [...group.matchAll(/\]\(docs\/([^)]+)\.md\)/g)].map(([, path]) => ({
      text: titleOf(path),
      link: `/${path.replace(/index$/, '')}`,
    }));
    const [name = ''] = group.split(':');
    return items.length === 0 ? [] : [{ text: name.trim(), items }];
  });
}

function titleOf(path) {
  const [, title = path] = /^# (.+)$/m.exec(readFileSync(join(root, 'docs', `${path}.md`), 'utf8')) ?? [];
  return title;
}

/** A file of the repository that is not a page is on GitHub. */
function linksOut(md) {
  const open =
    md.renderer.rules.link_open ??
    ((tokens, at, options, _env, self) => self.renderToken(tokens, at, options));
  md.renderer.rules.link_open = (tokens, at, options, env, self) => {
    const href = tokens[at].attrGet('href') ?? '';
    const target = join('docs', dirname(env.relativePath ?? ''), href);
    if (!/^[a-z]+:|^#|^\//.test(href) && relative('docs', target).startsWith('..'))
      tokens[at].attrSet('href', `${home}/blob/main/${target}`);
    return open(tokens, at, options, env, self);
  };
}

const base = process.env.DOCS_BASE ?? '/';

export default {
  title: 'Downbeat',
  description: 'GitOps for the workflow schedules of Conductor',
  lang: 'en-US',
  base,
  head: [['link', { rel: 'icon', type: 'image/svg+xml', href: `${base}favicon.svg` }]],
  cleanUrls: true,
  cacheDir: join(root, '.cache', 'vitepress'),
  markdown: {
    config: (md) => {
      linksOut(md);
      // No page has code of Vue: `{{ … }}` is what it says.
      const code = md.renderer.rules.code_inline;
      md.renderer.rules.code_inline = (tokens, at, ...rest) => {
        tokens[at].attrSet('v-pre', '');
        return code(tokens, at, ...rest);
      };
    },
    // Both meet the contrast that WCAG AA asks for.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  themeConfig: {
    search: { provider: 'local' },
    nav: [
      { text: 'Start', link: '/getting-started' },
      { text: 'Reference', link: '/reference/cli' },
    ],
    sidebar: sidebar(),
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: home }],
    footer: { message: 'Apache-2.0' },
  },
};
