/** Deletes schedules by name from a server whose base URL ends in `/api`; that one is not there is fine. */
export async function deleteSchedules(api: string, names: Iterable<string>): Promise<void> {
  for (const name of names) {
    const answer = await fetch(`${api}/scheduler/schedules/${encodeURIComponent(name)}`, {
      method: 'DELETE',
    });
    if (!answer.ok && answer.status !== 404)
      throw new Error(`${name} could not be deleted: ${answer.status}`);
    await answer.arrayBuffer();
  }
}
