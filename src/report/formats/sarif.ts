import { present } from '../../model/present.ts';
import { type DiagnosticCode, definitions } from '../../problems/codes.ts';
import type { Located } from '../../problems/diagnostic.ts';
import type { ProblemEntry } from '../documents/entries.ts';
import type { ValidationDocument } from '../documents/generated/documents.ts';
import { terminalText } from '../text/escape.ts';
import { notCheckedText } from '../text/phrases.ts';
import { documentJson } from './document-json.ts';

/**
 * The problems of a validation, or of policies, as SARIF 2.1.0 (OASIS, 27 March 2020), for code scanning. Paths are relative to the
 * working directory, which should be the root of the repository. Equal documents give equal bytes.
 */
export function renderSarif({
  problems,
  run,
  notChecked,
}: Pick<ValidationDocument, 'problems' | 'run' | 'notChecked'>): string {
  const unchecked = notCheckedText(notChecked);
  const codes = [...new Set(problems.map(({ code }) => code))].sort();
  return documentJson({
    $schema: 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json',
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'Downbeat', rules: codes.map(ruleOf) } },
        ...(unchecked === undefined ? {} : { invocations: [invocationOf(unchecked)] }),
        columnKind: 'unicodeCodePoints',
        results: problems.map((problem) => resultOf(problem, codes.indexOf(problem.code), run?.directory)),
      },
    ],
  });
}

/** Results do not say what else was not looked for (3.20.21). */
function invocationOf(text: string): object {
  return { executionSuccessful: true, toolExecutionNotifications: [{ level: 'warning', message: { text } }] };
}

function ruleOf(code: DiagnosticCode): object {
  const { means, severity } = definitions[code];
  const text = means.replaceAll('`', '');
  return {
    id: code,
    shortDescription: { text },
    fullDescription: { text },
    help: { text: `${text}. Run \`downbeat explain ${code}\` for more.` },
    defaultConfiguration: { level: severity },
  };
}

/** Code scanning takes no result without a place: what has none is at the directory. */
function resultOf(problem: ProblemEntry, ruleIndex: number, directory: string | undefined): object {
  const { code, severity, message, hint, at } = problem;
  const file = at?.file ?? directory;
  return {
    ruleId: code,
    ruleIndex,
    level: severity,
    message: {
      text: [message, ...(hint === undefined ? [] : [`hint: ${hint}`])].map(messageLine).join('\n'),
    },
    ...(file === undefined ? {} : { locations: [{ physicalLocation: physicalLocation(file, at) }] }),
  };
}

function physicalLocation(file: string, at: Located | undefined): object {
  const { line, column, endLine, endColumn } = at ?? {};
  return {
    artifactLocation: { uri: file.split('/').map(uriPart).join('/'), uriBaseId: '%SRCROOT%' },
    ...(line === undefined
      ? {}
      : {
          region: {
            startLine: line,
            ...present({ startColumn: column, endLine, endColumn }),
          },
        }),
  };
}

function uriPart(text: string): string {
  return encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'));
}

/** What SARIF would take for a link (3.11.6) is none. */
function messageLine(text: string): string {
  return terminalText(text).replaceAll('](', '\\](');
}
