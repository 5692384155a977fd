// vitest's coverage by V8, and what processes of the tests ran: the Action, and the program with its completion scripts,
// are tested as they are built, each in a process of its own.
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { mergeProcessCovs } from '@bcoe/v8-coverage';
import v8 from '@vitest/coverage-v8';
import { V8CoverageProvider } from '@vitest/coverage-v8/dist/provider.js';

class WithProcesses extends V8CoverageProvider {
  initialize(context) {
    super.initialize(context);
    this.processes = mkdtempSync(join(tmpdir(), 'downbeat-coverage-'));
    process.env.DOWNBEAT_PROCESS_COVERAGE = this.processes;
  }

  async generateCoverage(context) {
    const map = await super.generateCoverage(context);
    const reports = readdirSync(this.processes).filter((name) => /^coverage-.*\.json$/.test(name));
    const { result } = mergeProcessCovs(
      reports.map((name) => JSON.parse(readFileSync(join(this.processes, name), 'utf8'))),
    );
    let counted = 0;
    for (const { url, functions } of result) {
      const script = url.startsWith('file:') ? fileURLToPath(url) : '';
      const kept = join(this.processes, encodeURIComponent(script));
      if (script === '' || !existsSync(kept)) continue;
      const sourceMap = JSON.parse(
        readFileSync(join(this.processes, encodeURIComponent(`${script}.map`)), 'utf8'),
      );
      sourceMap.sources = sourceMap.sources.map((source) => new URL(source, url).href);
      const code = readFileSync(kept, 'utf8');
      map.merge(await this.remapCoverage(url, 0, { code, map: sourceMap }, functions));
      counted += 1;
    }
    map.filter((path) => this.isIncluded(path));
    rmSync(this.processes, { recursive: true });
    this.ctx.logger.log(`coverage: ${reports.length} processes of ${counted} scripts are counted, too`);
    return map;
  }
}

// biome-ignore lint/style/noDefaultExport: vitest asks for it
export default { ...v8, getProvider: async () => new WithProcesses() };
