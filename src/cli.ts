#!/usr/bin/env node
import { rootAnswer } from './argv/root.ts';

// The bin is CommonJS and this small, because starting Node's ES module loader takes a fifth of what `--version` takes.
const answer = rootAnswer(process.argv.slice(2));
if (answer !== undefined) process.stdout.write(answer);
else void import('./start.ts');
