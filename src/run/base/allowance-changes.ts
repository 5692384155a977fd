import type { GivenAllowance } from '../../manifest/desired.ts';
import { present } from '../../model/present.ts';
import type { AllowanceChange } from '../../report/documents/generated/documents.ts';

/**
 * The comments of one side that the other does not have, or has with another reason. Two are one where they allow the same
 * for the same schedule, whatever line they are on; beside the manifests, in the same file.
 */
export function allowanceChanges(
  before: readonly GivenAllowance[],
  after: readonly GivenAllowance[],
): readonly AllowanceChange[] {
  const reasons = new Map<string, string[]>();
  for (const one of before) reasons.set(keyOf(one), [...(reasons.get(keyOf(one)) ?? []), one.reason]);
  const take = (key: string, fits: (reason: string) => boolean): string | undefined => {
    const left = reasons.get(key) ?? [];
    const index = left.findIndex(fits);
    return index < 0 ? undefined : left.splice(index, 1)[0];
  };
  const changed = after.filter((one) => take(keyOf(one), (reason) => reason === one.reason) === undefined);
  return changed.map((one): AllowanceChange => {
    const { code, reason, schedule, at } = one;
    const { file, line, column } = at;
    return {
      code,
      reason,
      ...present({ before: take(keyOf(one), () => true), schedule }),
      at: { file, ...present({ line, column }) },
    };
  });
}

function keyOf({ code, schedule, at, isGeneral }: GivenAllowance): string {
  return JSON.stringify([code, isGeneral, schedule === undefined ? { file: at.file } : schedule]);
}
