import { expect, test } from 'vitest';
import { failureDocument } from '../../../../src/report/documents/failure.ts';
import { renderHtml } from '../../../../src/report/page/page.ts';

test('the page of a failure says what was not checked, and nothing where all was', () => {
  const page = renderHtml(failureDocument([], undefined, ['deletes', 'policies-over-all']));
  expect(page).toContain(
    'There is no result. Not checked until the errors are fixed: deletes, policies about all schedules together.',
  );
  expect(renderHtml(failureDocument([]))).not.toContain('Not checked');
});
