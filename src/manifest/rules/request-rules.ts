import { isObject, type JsonObject } from '../../model/json.ts';
import { injectedInputs } from '../../model/normal.ts';
import { type Diagnostic, problem } from '../../problems/diagnostic.ts';
import { at, key, type Manifest } from '../manifest.ts';
import type { OptionalRule } from './rule.ts';

/** What a server makes of `startWorkflowRequest` other than one thinks. */
export const requestRules: readonly OptionalRule[] = [
  { codes: ['literal-correlation'], judge: literalCorrelation },
  { codes: ['overwritten-input'], judge: overwrittenInput },
  { codes: ['idle-strategy'], judge: idleStrategy },
];

/** The server fills in nothing there (live on OSS 3.32.1). */
function literalCorrelation(manifest: Manifest): readonly Diagnostic[] {
  const { correlationId: text } = requestOf(manifest);
  if (typeof text !== 'string' || !text.includes('${')) return [];
  return [problem('literal-correlation', { text }, inRequest(manifest, 'correlationId'))];
}

function overwrittenInput(manifest: Manifest): readonly Diagnostic[] {
  const { input } = requestOf(manifest);
  if (!isObject(input)) return [];
  return injectedInputs
    .filter((name) => Object.hasOwn(input, name))
    .map((name) =>
      problem(
        'overwritten-input',
        { key: name },
        key(manifest.origin, ['startWorkflowRequest', 'input', name]),
      ),
    );
}

function idleStrategy(manifest: Manifest): readonly Diagnostic[] {
  const { idempotencyStrategy: strategy, idempotencyKey } = requestOf(manifest);
  if (typeof strategy !== 'string' || idempotencyKey !== undefined) return [];
  return [problem('idle-strategy', { strategy }, inRequest(manifest, 'idempotencyStrategy'))];
}

function requestOf({ fields }: Manifest): JsonObject {
  return isObject(fields.startWorkflowRequest) ? fields.startWorkflowRequest : {};
}

function inRequest({ origin }: Manifest, field: string): ReturnType<typeof at> {
  return at(origin, ['startWorkflowRequest', field]);
}
