// Files and pushes into a server with real data: the demo takes none. One server for all tests of this file.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, program } from '../server';
import { expect, test } from './fixtures';
import { rows, total } from './lists';
import { key, LocalAccount } from './local-account';

const password = 'correct horse battery staple';
const sara = new LocalAccount('sara', password);

let folder: string;
let running: ChildProcess;
let url: string;
let token: string;

test.describe.configure({ mode: 'serial' });

test.beforeAll(async ({ request }) => {
  folder = mkdtempSync(join(tmpdir(), 'keyroll-doors-'));
  const env = { ...process.env, ...key, DATABASE_URL: `sqlite:${join(folder, 'real.db')}` };
  const run = (args: string[], input = '') => execFileSync(program, args, { env, input, encoding: 'utf8' }).trim();
  run(['user', 'add', 'sara', '--role', 'security-administrator'], password);
  token = run(['token', 'create', '--scope', 'ingest', '--name', 'collector']);
  const port = freePort();
  url = `http://127.0.0.1:${port}`;
  running = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`], { env, stdio: 'ignore' });
  await expect(async () => expect((await request.get(`${url}/readyz`)).ok()).toBe(true)).toPass();
});

test.afterAll(() => {
  running.kill();
  rmSync(folder, { recursive: true, force: true });
});

test.beforeEach(async ({ page }) => {
  await sara.open(page, `${url}/data`);
  await expect(page).toHaveURL(`${url}/data`);
});

/** A sign-in of a few seconds ago. */
function signIn(id: number): string {
  return JSON.stringify({
    id: `00000000-0000-0000-0000-${String(id).padStart(12, '0')}`,
    correlationId: `10000000-0000-0000-0000-${String(id).padStart(12, '0')}`,
    createdDateTime: new Date(Date.now() - 5000).toISOString(),
    userId: '20000000-0000-0000-0000-000000000001',
    userPrincipalName: 'ada@contoso.com',
    userDisplayName: 'Ada',
    appDisplayName: 'Portal',
    isInteractive: true,
    status: { errorCode: 0 },
    authenticationRequirement: 'singleFactorAuthentication',
    authenticationDetails: [],
  });
}

const file = (name: string, text: string) => ({ name, mimeType: 'application/octet-stream', buffer: Buffer.from(text) });

test('a file that is chosen is imported, and what cannot be read is listed', async ({ page }, { project }) => {
  const name = `signIns-${project.name}.jsonl`;
  await page.locator('input[type=file]').setInputFiles(file(name, `${signIn(1)}\n{broken\n`));
  await page.locator('form[data-upload] button[type=submit]').click();
  await expect(page).toHaveURL(/\/data\/\d+$/);
  await expect(page.locator('h1')).toHaveText(name);
  // Without JavaScript the page is asked for again.
  await expect(async () => {
    await page.reload();
    await expect(page.locator('td.reason')).toContainText('not valid JSON', { timeout: 500 });
  }).toPass();
  const download = page.waitForEvent('download');
  await page.locator('a[download][href$=".csv"]').click();
  expect((await download).suggestedFilename()).toMatch(/^rejected-\d+\.csv$/);
});

test('files are dropped on the form', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'without JavaScript files are chosen');
  const data = await page.evaluateHandle((text) => {
    const transfer = new DataTransfer();
    transfer.items.add(new File([text], 'dropped.jsonl'));
    return transfer;
  }, signIn(2));
  const form = page.locator('form[data-upload]');
  await expect(async () => {
    // The form listens when the islands are awake.
    await form.dispatchEvent('dragover', { dataTransfer: data });
    await expect(form).toHaveAttribute('data-over', '', { timeout: 200 });
  }).toPass();
  await form.dispatchEvent('drop', { dataTransfer: data });
  await expect(page).toHaveURL(/\/data\/\d+$/);
  await expect(page.locator('h1')).toHaveText('dropped.jsonl');
});

test('new data appears by itself, and not under somebody who reads', async ({ page, request, javaScriptEnabled }, { project }) => {
  test.skip(javaScriptEnabled === false, 'without JavaScript pages are asked for again');
  const first = 1000 + 100 * ['js', 'phone'].indexOf(project.name);
  const push = async (id: number) => {
    const answer = await request.post(`${url}/api/v1/ingest`, {
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/x-ndjson' },
      data: signIn(id),
    });
    expect((await answer.json()).stored).toBe(1);
  };
  await push(first);
  await page.goto(`${url}/sign-ins?range=24h`);
  await expect(page.locator('.copy-link button')).toBeVisible();
  await page.mouse.move(0, 0);
  const before = await total(page);
  await push(first + 1);
  await expect.poll(() => total(page)).toBe(before + 1);
  await expect(page.locator('#updated')).toContainText(/\d\d:\d\d:\d\d/);

  // The pointer lies on the table: nothing moves until it is asked for.
  await rows(page).first().hover();
  const seen = await rows(page).allInnerTexts();
  await push(first + 2);
  const show = page.locator('.live-new');
  await expect(show).toBeVisible();
  expect(await rows(page).allInnerTexts()).toEqual(seen);
  await show.click();
  await expect.poll(() => total(page)).toBe(before + 2);
  await expect(show).toBeHidden();
});
