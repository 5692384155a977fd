/**
 * When V8 optimizes what runs often. A run over a thousand manifests is over before that pays: on Node 20 it takes a sixth
 * less processor time where functions run six times as long before, and as long by the clock where a second processor is
 * free for V8's compiler. Later versions of V8 have another compiler in between, and no such setting.
 */
const v8WithBudget = /^11\./;
/** In bytes of bytecode that a function runs through. */
const usualBudget = 67_584;
const laterBudget = 400_000;
const [fewest, most] = [100, 20_000];

let isLater = false;

/** For a process of our own only: it is one setting for all that runs there. `files`: how many manifests there are to read. */
export function optimizeLater(files: number): void {
  if (isLater || files < fewest || files > most || !v8WithBudget.test(process.versions.v8)) return;
  isLater = true;
  setBudget(laterBudget);
}

/** V8 takes a code cache only if its settings are those that the cache was made with. */
export function withUsualSettings<T>(action: () => T): T {
  if (!isLater) return action();
  setBudget(usualBudget);
  try {
    return action();
  } finally {
    setBudget(laterBudget);
  }
}

function setBudget(bytes: number): void {
  process.getBuiltinModule('node:v8').setFlagsFromString(`--interrupt-budget=${bytes}`);
}
