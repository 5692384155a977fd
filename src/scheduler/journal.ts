import type { JsonObject } from '../model/json.ts';
import type { Tag } from '../model/schedule.ts';

/**
 * One thing that happened to the scheduler's state, in the order in which it happened. Tests hold a client's report
 * against it. `at` is epoch milliseconds by the scheduler's clock; `by` is the user, `''` where servers have none,
 * `somebody else` for the foreign writer of a fault plan.
 */
export type Effect = { readonly at: number } & (
  | {
      readonly kind: 'saved' | 'paused' | 'resumed';
      readonly name: string;
      readonly by: string;
      /** `null` = it was not there before. */
      readonly before: JsonObject | null;
      readonly after: JsonObject;
      /** Fires that were due and not started, lost by this write: their cron times, epoch milliseconds. */
      readonly lostFires: readonly number[];
    }
  | { readonly kind: 'deleted'; readonly name: string; readonly by: string; readonly before: JsonObject }
  /** A save that failed in the store: what is stored looks active and never fires again. */
  | { readonly kind: 'timers lost'; readonly name: string }
  | {
      readonly kind: 'tagged';
      readonly name: string;
      readonly by: string;
      readonly before: readonly Tag[];
      readonly after: readonly Tag[];
    }
  | {
      readonly kind: 'fired';
      readonly name: string;
      readonly scheduledTime: number;
      readonly state: 'EXECUTED' | 'FAILED';
    }
  | { readonly kind: 'polling'; readonly on: boolean }
  /** Polling is on again, and every token is gone. */
  | { readonly kind: 'restarted' }
);

export type Journal = (effect: Effect) => void;
