import { isObject } from '../model/json.ts';
import type { Github } from './rest.ts';

/** The account of the token that every workflow has. */
const workflowAccount = 'github-actions[bot]';

/**
 * The login that comments of this token carry. Only GraphQL says it for every kind of token: the REST API answers
 * `GET /user` with 403 to the token of a workflow or an App. A server that does not answer is taken for GitHub with a
 * workflow's own token.
 */
export async function ownLogin(github: Github): Promise<string> {
  const answer = await github.query('query { viewer { login } }');
  const viewer = answer.ok ? answer.value.viewer : undefined;
  const login = isObject(viewer) ? viewer.login : undefined;
  return typeof login === 'string' && login !== '' ? login : workflowAccount;
}
