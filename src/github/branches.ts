import { isObject } from '../model/json.ts';
import type { Github, Outcome } from './rest.ts';

/** The commit that a branch ends with now. */
export async function tipOf(github: Github, repository: string, branch: string): Promise<Outcome<string>> {
  const path = branch.split('/').map(encodeURIComponent).join('/');
  const answer = await github.get(`/repos/${repository}/git/ref/heads/${path}`);
  if (!answer.ok) return answer;
  const object = isObject(answer.value) ? answer.value.object : undefined;
  const sha = isObject(object) ? object.sha : undefined;
  return typeof sha === 'string'
    ? { ok: true, value: sha }
    : { ok: false, refusal: { kind: 'failed', words: 'the answer has no commit' } };
}
