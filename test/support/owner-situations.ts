import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, describe, expect, it } from 'vitest';
import { main } from '../../src/main.ts';
import { present } from '../../src/model/present.ts';
import type { Tag } from '../../src/model/schedule.ts';
import { fakeIo } from './io.ts';

/** What is on a server, past Downbeat. */
export interface StoredSchedule {
  readonly body: { readonly [field: string]: unknown };
  readonly tags: readonly Tag[];
}

/** A server for the situations, empty but for what they put there. */
export interface SituationServer {
  readonly hasTags: boolean;
  /** How many names two owners create at once. */
  readonly many: number;
  /** The owners' clock and waiting, where the server is another process; absent = no waiting takes time. */
  readonly wait?: (milliseconds: number) => Promise<void>;
  readonly env: () => Readonly<Record<string, string>>;
  readonly put: (body: StoredSchedule['body'], tags?: readonly Tag[]) => Promise<void>;
  /** Of those of these names that are there. */
  readonly stored: (names: readonly string[]) => Promise<ReadonlyMap<string, StoredSchedule>>;
  /** Removes the schedules of these names. */
  readonly clear: (names: readonly string[]) => Promise<void>;
}

const few = ['sit-a', 'sit-b', 'sit-c', 'sit-copy'];

interface Repository {
  readonly cwd: string;
  /** Writes exactly these manifests, each in a file of its own. */
  has(names: readonly string[], text?: string): void;
  downbeat(
    ...args: readonly string[]
  ): Promise<{ readonly code: number; readonly said: string; readonly out: string }>;
}

/** Four things that happen to teams who share a server, as whole commands. */
export function ownerSituations(server: SituationServer): void {
  const many = Array.from({ length: server.many }, (_none, index) => `sit-${index}`);
  const root = mkdtempSync(join(tmpdir(), 'downbeat-situations-'));
  let count = 0;

  function repository(owner: string): Repository {
    count += 1;
    const cwd = join(root, String(count));
    mkdirSync(join(cwd, '.git'), { recursive: true });
    writeFileSync(join(cwd, 'downbeat.yaml'), `owner: ${owner}\nprune: true\nlimits: {deletes: none}\n`);
    return {
      cwd,
      has(names, text = owner) {
        rmSync(join(cwd, 'schedules'), { recursive: true, force: true });
        mkdirSync(join(cwd, 'schedules'));
        for (const name of names) writeFileSync(manifest(name), JSON.stringify(bodyOf(name, text)));
      },
      async downbeat(...args) {
        const heard = fakeIo({ cwd, env: server.env(), ...present({ wait: server.wait }) });
        const code = await main(args, heard.io);
        return { code, out: heard.out(), said: heard.out() + heard.err() };
      },
    };
    function manifest(name: string): string {
      return join(cwd, 'schedules', `${name}.yaml`);
    }
  }

  async function namesThere(): Promise<readonly string[]> {
    return [...(await server.stored(few)).keys()].sort();
  }

  beforeEach(() => server.clear([...few, ...many]));
  afterAll(async () => {
    await server.clear([...few, ...many]);
    rmSync(root, { recursive: true, force: true });
  });

  it('somebody copies a schedule on the server to try something out', async () => {
    const us = repository('us');
    us.has(['sit-a', 'sit-b']);
    expect(await us.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const found = (await server.stored(few)).get('sit-a');
    await server.put({ ...found?.body, name: 'sit-copy' }, found?.tags);
    const planned = await us.downbeat('plan');
    expect(planned.said).toMatch(/"sit-copy" carries a copy of a marker of "us", so it has no owner/);
    us.has(['sit-b']);
    expect(await us.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await namesThere()).toEqual(['sit-b', 'sit-copy']);
    // It is adopted like any schedule that is nobody's and equal to its manifest, and ours from then on.
    us.has(['sit-b', 'sit-copy']);
    expect((await us.downbeat('apply', '--auto-approve')).said).toMatch(/adopt sit-copy/);
    us.has(['sit-b']);
    expect(await us.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
    expect(await namesThere()).toEqual(['sit-b']);
  });

  describe('manifests that exist and are not read', () => {
    const moved = join('schedules', 'team');
    it.each<readonly [what: string, hide: (cwd: string) => void, code: number, said: RegExp]>([
      [
        'files that end in .YML',
        (cwd) => {
          for (const name of ['sit-b', 'sit-c'])
            renameSync(join(cwd, moved, `${name}.yaml`), join(cwd, moved, `${name}.YML`));
        },
        0,
        /Nothing to apply|nothing to do|3 schedules match their manifests/i,
      ],
      [
        'a folder that became a link out of the directory',
        (cwd) => {
          renameSync(join(cwd, moved), join(cwd, 'elsewhere'));
          symlinkSync(join('..', 'elsewhere'), join(cwd, moved));
        },
        1,
        /schedules\/team/,
      ],
      [
        'a submodule that nobody checked out',
        (cwd) => {
          rmSync(join(cwd, moved), { recursive: true });
          mkdirSync(join(cwd, moved));
          writeFileSync(
            join(cwd, '.gitmodules'),
            '[submodule "team"]\n\tpath = schedules/team\n\turl = ../team\n',
          );
        },
        1,
        /schedules\/team/,
      ],
      [
        'a folder that became a dot folder',
        (cwd) => renameSync(join(cwd, moved), join(cwd, 'schedules', '.team')),
        0,
        /schedules\/\.team/,
      ],
    ])('%s', async (_what, hide, code, said) => {
      const us = repository('us');
      us.has(['sit-a', 'sit-b', 'sit-c']);
      mkdirSync(join(us.cwd, moved));
      for (const name of ['sit-b', 'sit-c'])
        renameSync(join(us.cwd, 'schedules', `${name}.yaml`), join(us.cwd, moved, `${name}.yaml`));
      expect(await us.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
      const before = await server.stored(few);
      hide(us.cwd);
      const heard = await us.downbeat('apply', '--auto-approve');
      expect(await server.stored(few)).toEqual(before);
      expect([...before.keys()].sort()).toEqual(['sit-a', 'sit-b', 'sit-c']);
      expect(heard.said).toMatch(said);
      expect(heard.code).toBe(code);
    });
  });

  it(`two owners create the same ${server.many} names at once`, async () => {
    const owners = ['us', 'them'];
    const results = await Promise.all(
      owners.map(async (owner) => {
        const one = repository(owner);
        one.has(many);
        const { out, code } = await one.downbeat('apply', '--auto-approve', '--output', 'json');
        const { steps } = JSON.parse(out) as {
          readonly steps: readonly {
            readonly name: string;
            readonly step: string;
            readonly outcome: string;
            readonly note?: string;
          }[];
        };
        const saves = steps.filter(({ step }) => step === 'save');
        const namesOf = (wanted: (one: (typeof saves)[number]) => boolean): ReadonlySet<string> =>
          new Set(saves.filter(wanted).map(({ name }) => name));
        return {
          owner,
          code,
          done: namesOf(({ outcome }) => outcome === 'done'),
          overwrote: namesOf(({ note = '' }) => /this save overwrote it/.test(note)),
        };
      }),
    );
    const there = await server.stored(many);
    for (const name of many) {
      const text = String(there.get(name)?.body.description).split('\n')[0];
      const said = results.filter(({ done }) => done.has(name)).map(({ owner }) => owner);
      // Who came too late for the other to see it says so, and is the one whose is there.
      const late = results.filter(({ overwrote }) => overwrote.has(name)).map(({ owner }) => owner);
      if (late.length === 0) expect(said, name).toEqual([text]);
      else {
        expect(late, name).toEqual([text]);
        expect(said, name).not.toContain(text);
      }
    }
    // Whoever did not get all of it does not end well.
    for (const { done, code } of results) expect(code === 0).toBe(done.size === many.length);
  });

  it('one hand edit of a description', async () => {
    const us = repository('us');
    us.has(['sit-a', 'sit-b', 'sit-c']);
    expect(await us.downbeat('apply', '--auto-approve')).toMatchObject({ code: 0 });
    const edited = (await server.stored(few)).get('sit-a');
    await server.put({ ...edited?.body, description: 'edited by hand' }, edited?.tags);
    us.has(['sit-a', 'sit-b'], 'new text');
    const heard = await us.downbeat('apply', '--auto-approve');
    const description = async (name: string): Promise<string | undefined> =>
      String((await server.stored(few)).get(name)?.body.description).split('\n')[0];
    // Where tags mark, no edit of a description loses the mark.
    if (server.hasTags) {
      expect(heard.code).toBe(0);
      expect(await description('sit-a')).toBe('new text');
      expect(await namesThere()).toEqual(['sit-a', 'sit-b']);
      return;
    }
    expect(heard.code).toBe(3);
    expect(heard.said).toMatch(/removed the marker/);
    expect(heard.said).toMatch(/--adopt "sit-a"/);
    // The others go on, but for deletes.
    expect(await description('sit-b')).toBe('new text');
    expect(await description('sit-a')).toBe('edited by hand');
    expect(await namesThere()).toEqual(['sit-a', 'sit-b', 'sit-c']);
    expect(await us.downbeat('apply', '--auto-approve', '--adopt', 'sit-a')).toMatchObject({ code: 0 });
    expect(await description('sit-a')).toBe('new text');
    expect(await namesThere()).toEqual(['sit-a', 'sit-b']);
  });
}

function bodyOf(name: string, description: string): StoredSchedule['body'] {
  return {
    name,
    description,
    cronExpression: '0 0 3 1 1 ?',
    startWorkflowRequest: { name: 'wf', version: 1 },
  };
}
