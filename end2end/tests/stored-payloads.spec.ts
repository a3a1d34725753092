// Scripts in every text that comes in, shown by every page, with the security policy switched off: what keeps them from running is
// escaping alone. One server for this file, with nothing in it but payloads.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { payloads } from '../payloads';
import { freePort, program } from '../server';
import { everyPage, expect, test } from './fixtures';
import { key, LocalAccount } from './local-account';

const password = 'correct horse battery staple';

test.use({ bypassCSP: true, expected: async ({}, use) => use([/status of 404/, /status of 400/]) });

let folder: string;
let running: ChildProcess;
let url: string;
let token: string;

let next = 0;
const payload = () => payloads[next++ % payloads.length];
/** For where a line or a file's name is one. */
const plain = (is: (text: string) => boolean) => {
  for (;;) {
    const text = payload();
    if (is(text) && !/[\u0000-\u001f\u2028\u2029]/.test(text)) return text;
  }
};

/** Every text of a record replaced, but for those without which it would be of another kind. */
function plant(value: unknown, kept: RegExp, name = ''): unknown {
  if (typeof value === 'string') return kept.test(name) ? value : payload();
  if (Array.isArray(value)) return value.map((item) => plant(item, kept, name));
  if (value && typeof value === 'object') return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, plant(item, kept, key)]));
  return value;
}

type Row = Record<string, unknown>;
const sample = (name: string): Row[] => JSON.parse(readFileSync(resolve(__dirname, '../../server/tests/whole/records', name), 'utf8')).value;
const many = <T>(count: number, make: (n: number) => T) => Array.from({ length: count }, (_, n) => make(n));
const ago = (hours: number) => new Date(Date.now() - hours * 3_600_000).toISOString();
const csv = (rows: string[][]) => rows.map((row) => row.map((cell) => `"${cell.replace(/"/g, '""')}"`).join(',') + '\n').join('');

const users = many(50, (n) => ({
  ...(plant({ userPrincipalName: '', userDisplayName: '', defaultMfaMethod: '', userType: '' }, /^$/) as Row),
  id: `user-${n}${n % 5 ? '' : payload()}`, userType: 'member', isAdmin: n % 2 === 0, isMfaRegistered: n % 2 === 0, isMfaCapable: true,
  isSsprRegistered: n % 3 === 0, isSsprEnabled: true, methodsRegistered: ['mobilePhone', payload()], lastUpdatedDateTime: ago(24),
}));
const directory = users.map((user) => ({ id: user.id, userPrincipalName: (user as Row).userPrincipalName, displayName: (user as Row).userDisplayName,
  userType: 'Member', accountEnabled: true, department: payload(), country: payload(), createdDateTime: ago(999) }));
// Words that decide what a record is; in each fourth only its time is left as it was.
const deciding = /DateTime$|^(activityDisplayName|result|type|conditionalAccessStatus|authenticationRequirement|tokenIssuerType|Seconds)$/;
const someone = (n: number) => ({ id: users[n % users.length].id, userId: users[n % users.length].id });
const signIns = many(60, (n) => {
  const times = { createdDateTime: ago(1 + n / 4) };
  const planted = plant({ ...sample('signIns.json')[n % 3], ...times }, n % 4 ? deciding : /DateTime$/) as Row;
  return { ...planted, id: n % 6 ? `sign-in-${n}` : `${n}${payload()}`, userId: someone(n).userId, userDisplayName: (users[n % 50] as Row).userDisplayName };
});
const audits = many(60, (n) => ({ ...(plant({ ...sample('directoryAudits.json')[n % 3], activityDateTime: ago(2 + n / 4) }, deciding) as Row), id: `audit-${n}` }));
const progress = many(20, (n) => ({ ...(plant(sample('directoryAudits.json')[0], /DateTime$|^type$/) as Row), id: `reset-${n}`, activityDateTime: ago(3 + n),
  activityDisplayName: n % 2 ? 'Self-service password reset flow activity progress' : 'User registered security info', result: 'failure' }));
const events = many(20, (n) => ({ id: `event-${n}`, feature: n % 2 ? 'reset' : 'registration', userPrincipalName: payload(), userDisplayName: payload(),
  isSuccess: false, authMethod: n % 2 ? 'mobileSMS' : payload(), failureReason: payload(), eventDateTime: ago(2000 + n) }));
const activity = [
  ['Timestamp', 'Username', 'Authentication Method', 'Authentication Type', 'Application Name', 'Primary Call Phone Number', 'Overall Authenticated', 'Overall Result', 'Initiating IP Address'],
  ...many(30, (n) => [ago(1 + n), payload(), n % 2 ? 'Phone Call' : payload(), payload(), payload(), payload(), 'true', payload(), payload()]),
];
const blocks = [['Block Timestamp', 'Username', 'Block By Username', 'Block Reason'], ...many(20, (n) => [ago(1 + n), payload(), payload(), payload()])];
const bypasses = [['Bypass Timestamp', 'Username', 'Bypass Seconds', 'Bypass By Username', 'Bypass Reason'], ...many(20, (n) => [ago(1 + n), payload(), '300', payload(), payload()])];
const servers = [['Server Name', 'Version', 'Status', 'IP Address', 'Last Communication'], ...many(20, () => [payload(), payload(), payload(), payload(), ago(2)])];

const lines = (records: unknown[]) => records.map((record) => JSON.stringify(record) + '\n').join('');

test.beforeAll(async ({ request }) => {
  folder = mkdtempSync(join(tmpdir(), 'keyroll-payloads-'));
  const env = { ...process.env, ...key, DATABASE_URL: `sqlite:${join(folder, 'real.db')}`, KEYROLL_SITE_ORGANISATION: plain((text) => text.includes('<img')) };
  const run = (args: string[], input = '') => execFileSync(program, args, { env, input, encoding: 'utf8', stdio: ['pipe', 'pipe', 'ignore'] }).trim();
  run(['user', 'add', 'root', '--role', 'global-administrator', '--display-name', plain(() => true)], password);
  for (const n of many(10, (n) => n)) run(['user', 'add', `${plain(() => true)}${n}`, '--role', 'reports-reader', '--display-name', plain(() => true)], password);
  for (const _ of many(15, (n) => n)) run(['token', 'create', '--scope', 'ingest', '--name', plain((text) => text.length <= 80)]);
  token = run(['token', 'create', '--role', 'global-administrator', '--name', 'tests']);
  const files = join(folder, 'files');
  mkdirSync(files);
  const file = (text: string) => writeFileSync(join(files, plain((name) => !name.includes('/') && name.length < 200)), text);
  for (const records of [users, directory, signIns, audits, progress, events]) file(lines(records));
  for (const rows of [activity, blocks, bypasses, servers]) file(csv(rows));
  // What cannot be read is shown too.
  for (const _ of many(20, (n) => n)) file(`${lines(users.slice(0, 1))}{${payload()}\n${JSON.stringify({ x: payload(), [payload()]: 1 })}\n`);
  for (const _ of many(5, (n) => n)) file(`x${payload()}\n`);
  try {
    run(['import', files]);
  } catch (error) {
    expect((error as { status: number }).status, 'some of it is no record').toBe(3);
  }
  const port = freePort();
  url = `http://127.0.0.1:${port}`;
  running = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`], { env, stdio: 'ignore' });
  await expect(async () => expect((await request.get(`${url}/readyz`)).ok()).toBe(true)).toPass();
  const post = async (path: string, data: unknown) => {
    const answer = await request.post(`${url}${path}`, { headers: { authorization: `Bearer ${token}` }, data: data as Row });
    return answer.status() < 300;
  };
  const taken: Row = { views: 0, notes: 0, servers: 0, exports: 0 };
  const count = (name: string, isTaken: boolean) => (taken[name] = (taken[name] as number) + Number(isTaken));
  for (const _ of many(20, (n) => n)) {
    count('views', await post('/api/v1/views', { name: plain((text) => text.length <= 80), page: 'users', query: `q=${encodeURIComponent(plain(() => true))}`, shared: true }));
    count('servers', await post('/api/v1/mfa/servers', { name: plain(() => true), version: plain(() => true), status: plain(() => true), address: plain(() => true) }));
    if (taken.exports !== 5) count('exports', await post('/api/v1/exports', { list: 'users', query: `q=${encodeURIComponent(plain(() => true))}`, format: 'csv' }));
  }
  for (const list of ['blocked-users', 'bypassed-users', 'fraud-alerts']) {
    const listed = await (await request.get(`${url}/api/v1/mfa/${list}`, { headers: { authorization: `Bearer ${token}` } })).json();
    expect(listed.items.length, list).toBeGreaterThan(5);
    for (const item of listed.items.slice(0, 10)) count('notes', await post('/api/v1/mfa/notes', { about: item.id, text: payload() }));
  }
  for (const [name, number] of Object.entries(taken)) expect(number, `${name} with payloads`).toBeGreaterThan(4);
});

test.afterAll(() => {
  running?.kill();
  rmSync(folder, { recursive: true, force: true });
});

/** What a page must never hold: anything that runs, leads away or loads, with a payload in it. */
const planted = () => {
  const found: string[] = [];
  const walk = (root: Document | DocumentFragment) => {
    for (const element of root.querySelectorAll('*')) {
      const name = element.localName;
      const own = () => element.outerHTML.slice(0, 200);
      if (['script', 'style', 'noscript'].includes(name) && /_hit\b/.test(element.textContent ?? '')) found.push(own());
      if (['iframe', 'frame', 'object', 'embed', 'base', 'applet', 'portal', 'marquee', 'xss', 'math', 'foreignobject'].includes(name)) found.push(own());
      if (name === 'meta' && element.hasAttribute('http-equiv') && /hit|127\.0\.0\.1:1\b/.test(element.getAttribute('content') ?? '')) found.push(own());
      for (const { name: attribute, value } of element.attributes) {
        if (attribute.startsWith('on') || ['srcdoc', 'style'].includes(attribute)) found.push(own());
        const isAddress = ['href', 'src', 'action', 'formaction', 'data', 'poster', 'xlink:href', 'srcset', 'ping', 'background'].includes(attribute);
        if (isAddress && !['http:', 'https:'].includes(new URL(value.trim(), location.href).protocol)) found.push(own());
        if (isAddress && new URL(value, location.href).origin !== location.origin && !/^https:\/\/learn\.microsoft\.com\//.test(value)) found.push(own());
      }
      if (element instanceof HTMLTemplateElement) walk(element.content);
    }
  };
  walk(document);
  return found;
};

/** Opens whatever opens, and points at whatever has something to say. */
async function touch(page: Page) {
  await page.evaluate(() => {
    for (const details of document.querySelectorAll('details')) details.open = true;
    for (const dialog of document.querySelectorAll('dialog')) dialog.show();
    for (const element of document.querySelectorAll('main *, nav *')) {
      for (const type of ['pointerover', 'mouseover', 'mouseenter', 'focus', 'focusin', 'toggle', 'beforematch', 'animationstart']) {
        element.dispatchEvent(new Event(type, { bubbles: type !== 'focus' }));
      }
    }
  });
}

const squeezed = (text: string) => text.replace(/\s+/g, ' ').trim();

test('scripts in every text are texts on every page', async ({ page, context }) => {
  test.setTimeout(900_000);
  const hits: string[] = [];
  const strays: string[] = [];
  await context.exposeFunction('__hit', (n: unknown) => void hits.push(`${String(n)} at ${page.url()}`));
  page.on('dialog', (dialog) => {
    hits.push(`${dialog.type()}: ${dialog.message()}`);
    void dialog.dismiss();
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(`${url}/`)) strays.push(`${request.url()} from ${page.url()}`);
  });
  await new LocalAccount('root', password).open(page, `${url}/users`);
  await expect(page).toHaveURL(`${url}/users`);
  await page.goto(`${url}/preferences`);
  const session = page.locator('form[action^="/preferences/sessions/"]:has(input[name=name])').first();
  const name = plain((text) => text.length <= 60);
  await session.locator('input[name=name]').fill(name);
  await session.locator('button[type=submit]').click();
  await expect(session.locator('input[name=name]')).toHaveValue(name);
  await page.reload();
  await expect(session.locator('input[name=name]')).toHaveValue(name);

  const visited = new Set<string>();
  const said = new Map<string, string>();
  const links = new Set<string>();
  const visit = async (path: string) => {
    if (visited.has(path)) return;
    visited.add(path);
    await page.goto(`${url}${path}`);
    expect(await page.evaluate(planted), path).toEqual([]);
    await touch(page);
    const seen = await page.evaluate(() => ({ text: document.body.textContent + [...document.querySelectorAll('[title]')].map((e) => e.getAttribute('title')).join(' '), title: document.title, links: [...document.querySelectorAll('main a[href]')].map((a) => a.getAttribute('href')!) }));
    said.set(path, squeezed(`${seen.text} ${seen.title}`));
    for (const link of seen.links) links.add(link.replace(url, ''));
    expect(hits, path).toEqual([]);
    expect(strays, path).toEqual([]);
  };
  const paths = (await everyPageOf(page)).map((path) => path.replace(url, ''));
  for (const path of paths) await visit(path);
  for (const path of ['/users?population=everyone&per_page=200', '/sign-ins?range=7d', '/events?range=90d', '/usage/users', '/usage/applications', '/mfa/activity?range=7d']) await visit(path);
  const inner = [...links].filter((link) => /^\/(users|sign-ins|data)\/[^?]+$/.test(link) || /^\/(users|sign-ins)\/.*[?&]tab=/.test(link));
  for (const path of inner.slice(0, 150)) await visit(path);
  for (const path of inner.filter((link) => /^\/sign-ins\/[^?]+$/.test(link)).slice(0, 25)) for (const tab of ['authentication', 'related']) await visit(`${path}?tab=${tab}`);

  // It is there, to the letter, so that nothing passes by showing nothing.
  const all = [...said.values()].join('\n');
  const shown = (texts: unknown[], where: string) => {
    const missing = texts.filter((text) => !all.includes(squeezed(String(text))));
    expect(missing, `${where} are shown as they are`).toEqual([]);
  };
  const names = users.map((user) => (user as Row).userDisplayName);
  shown(names, 'names of users');
  shown(directory.map((user) => user.department).slice(0, 20), 'departments');
  shown(signIns.slice(0, 20).map((one) => (one as Row).appDisplayName), 'applications');
  shown(activity.slice(1, 20).map((row) => row[4]), 'applications of MFA Server');
  shown(blocks.slice(1).map((row) => row[3]), 'reasons of blocks');
  const seen = payloads.filter((text) => all.includes(squeezed(text)));
  expect(seen.length, 'different payloads on the pages').toBeGreaterThanOrEqual(200);
  expect(visited.size).toBeGreaterThan(120);
  console.info(`${visited.size} pages, ${seen.length} of ${payloads.length} payloads shown`);
});

test('what is looked for is shown and not run, and neither are the pages that refuse', async ({ page, context }) => {
  test.setTimeout(600_000);
  const hits: string[] = [];
  await context.exposeFunction('__hit', (n: unknown) => void hits.push(String(n)));
  page.on('dialog', (dialog) => {
    hits.push(dialog.message());
    void dialog.dismiss();
  });
  await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
  for (const [n, text] of payloads.entries()) {
    const value = encodeURIComponent(text);
    // Each page gets each payload's turn: what is looked for, a value that is none, a path, a name that is none.
    const path = [`/users?q=${value}`, `/users?registered=${value}`, `/users/${value}`, `/events?${value}=x`, `/sign-ins?q=${value}`, `/reasons?q=${value}`, `/overview?range=${value}`, `/sign-in?return_to=${value}`][n % 8];
    await page.goto(`${url}${path}`);
    expect(await page.evaluate(planted), path).toEqual([]);
    if (n % 8 === 0) expect((await page.locator('input[name=q]').first().inputValue()).trim(), path).toBe(text.replace(/[\r\n]/g, '').trim());
    expect(hits, path).toEqual([]);
  }
});

test('on paper they are texts too', async ({ page, context }) => {
  const hits: string[] = [];
  await context.exposeFunction('__hit', (n: unknown) => void hits.push(String(n)));
  await page.setExtraHTTPHeaders({ authorization: `Bearer ${token}` });
  await page.emulateMedia({ media: 'print' });
  for (const path of ['/users', '/sign-ins', '/mfa/blocked-users', '/mfa/activity', '/data']) {
    await page.goto(`${url}${path}`);
    await page.pdf({ format: 'A4' });
    expect(await page.evaluate(planted), path).toEqual([]);
    expect(hits, path).toEqual([]);
  }
});

test('where nobody escapes them they run, or are found', async ({ context }) => {
  test.setTimeout(300_000);
  const hits = new Set<number>();
  await context.exposeFunction('__hit', (n: unknown) => void hits.add(Number(n)));
  const found = new Set<number>();
  for (const [n, text] of payloads.entries()) {
    // A page of its own: some lead away, and none is silent.
    const page = await context.newPage();
    page.on('dialog', (dialog) => void dialog.dismiss());
    await page.setContent(`<!doctype html><main><p title="${text}">${text}</p><a href="${text}">a link</a></main>`, { timeout: 2_000 }).catch(() => {});
    if ((await page.evaluate(planted).catch(() => ['it has gone elsewhere'])).length > 0) found.add(n);
    await page.close();
  }
  const known = payloads.filter((_, n) => hits.has(n) || found.has(n)).length;
  console.info(`${hits.size} of ${payloads.length} run, ${known} are found`);
  expect(hits.size).toBeGreaterThan(100);
  expect(known).toBeGreaterThan(250);
});

/** `everyPage` asks for paths without a host. */
async function everyPageOf(page: Page): Promise<string[]> {
  const goto = page.goto.bind(page);
  page.goto = (path: string, options?: Parameters<Page['goto']>[1]) => goto(path.startsWith('/') ? `${url}${path}` : path, options);
  const paths = await everyPage(page);
  page.goto = goto;
  return paths;
}
