// Accounts of the installation: no password alone. A server at a name, so that passkeys can be bound to it.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { freePort, program } from '../server';
import { expect, test } from './fixtures';
import { key, LocalAccount } from './local-account';

const password = 'correct horse battery staple';

let folder: string;
let running: ChildProcess;
let url: string;
let run: (args: string[], input?: string) => string;

test.describe.configure({ mode: 'serial' });
// A code or password that is wrong is a page with that status.
test.use({ expected: async ({}, use) => use([/401|403/]) });

test.beforeAll(async ({ request }) => {
  folder = mkdtempSync(join(tmpdir(), 'keyroll-second-factor-'));
  const env = { ...process.env, ...key, DATABASE_URL: `sqlite:${join(folder, 'real.db')}` };
  run = (args, input = '') => execFileSync(program, args, { env, input, encoding: 'utf8' });
  for (const name of ['ada', 'bo']) run(['user', 'add', name, '--role', 'global-administrator'], password);
  const port = freePort();
  url = `http://localhost:${port}`;
  running = spawn(program, ['serve', '--listen', `127.0.0.1:${port}`, '--public-url', url], { env, stdio: 'ignore' });
  await expect(async () => expect((await request.get(`http://127.0.0.1:${port}/readyz`)).ok()).toBe(true)).toPass();
});

test.afterAll(() => {
  running.kill();
  rmSync(folder, { recursive: true, force: true });
});

async function isAccessible(page: Page, javaScriptEnabled: boolean | undefined) {
  if (javaScriptEnabled === false) return;
  expect((await new AxeBuilder({ page }).analyze()).violations, page.url()).toEqual([]);
}

test('a password leads to an authenticator app, and from then on to a code', async ({ page, javaScriptEnabled }) => {
  const ada = new LocalAccount('ada', password);
  await page.goto(`${url}/sign-in?return_to=/preferences`);
  await isAccessible(page, javaScriptEnabled);
  await ada.givePassword(page);
  await expect(page).toHaveURL(`${url}/sign-in/set-up-second-step`);
  await expect(page.getByRole('img', { name: /QR code/ })).toBeVisible();
  const secret = await page.locator('.secret').innerText();
  expect(secret).toMatch(/^([A-Z2-7]{4} ){7}[A-Z2-7]{4}$/);
  await isAccessible(page, javaScriptEnabled);
  await page.locator('input[name=code]').fill('not one');
  await page.locator('form:has(input[name=code]) button[type=submit]').click();
  await expect(page.getByRole('alert').first()).toContainText('The code is wrong');
  await expect(page.locator('.secret')).toHaveText(secret);
  await ada.giveCode(page);
  await expect(page).toHaveURL(`${url}/preferences`);
  await expect(page.getByRole('row', { name: /Authenticator app/ })).toBeVisible();
  await isAccessible(page, javaScriptEnabled);
  await page.context().clearCookies();
  await page.goto(`${url}/sign-in?return_to=/settings/people`);
  await ada.givePassword(page);
  await expect(page).toHaveURL(`${url}/sign-in/second-step`);
  await isAccessible(page, javaScriptEnabled);
  await ada.giveCode(page);
  await expect(page).toHaveURL(`${url}/settings/people`);
  await expect(page.getByRole('row', { name: /ada/ })).toContainText('Authenticator app');
  await expect(page.getByRole('row', { name: /bo/ })).toContainText('none yet');
});

test('a person changes their password', async ({ page, javaScriptEnabled }) => {
  run(['user', 'add', 'cy', '--role', 'reports-reader'], password);
  const cy = new LocalAccount('cy', password);
  await cy.open(page, `${url}/preferences`);
  const change = async (current: string, next: string) => {
    await page.getByLabel('Current password').fill(current);
    await page.getByLabel('New password').fill(next);
    await page.getByRole('button', { name: 'Change password' }).click();
  };
  await change('not the present one', 'seven green bicycles at dawn');
  await expect(page.getByRole('alert')).toContainText('The current password is wrong');
  await isAccessible(page, javaScriptEnabled);
  await change(password, 'seven green bicycles at dawn');
  await expect(page.locator('.notice')).toContainText('Your password is changed');
  await isAccessible(page, javaScriptEnabled);
  await page.goto(`${url}/overview`);
  await expect(page).toHaveURL(`${url}/overview`);
});

test('without JavaScript there is no button for passkeys', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled !== false, 'with JavaScript there is one');
  await page.goto(`${url}/sign-in`);
  await expect(page.getByRole('button', { name: 'Sign in with a passkey' })).toHaveCount(0);
});

test('a passkey is set up after the password, and is enough from then on', async ({ page, javaScriptEnabled }) => {
  test.skip(javaScriptEnabled === false, 'browsers have passkeys for scripts alone');
  const device = await page.context().newCDPSession(page);
  await device.send('WebAuthn.enable');
  const options = {
    protocol: 'ctap2',
    transport: 'internal',
    hasResidentKey: true,
    hasUserVerification: true,
    isUserVerified: true,
    automaticPresenceSimulation: true,
  } as const;
  const { authenticatorId } = await device.send('WebAuthn.addVirtualAuthenticator', { options });
  await page.goto(`${url}/sign-in?return_to=/users`);
  await new LocalAccount('bo', password).givePassword(page);
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(page).toHaveURL(`${url}/users`);
  await page.goto(`${url}/preferences`);
  const row = page.getByRole('row', { name: /Passkey: Chrome/ });
  await expect(row).toContainText('never');
  await isAccessible(page, javaScriptEnabled);
  // The device is not asked for another one.
  await page.getByRole('button', { name: 'Add a passkey' }).click();
  await page.getByRole('button', { name: 'Use a passkey instead' }).click();
  await expect(page.getByRole('alert')).toContainText('has a passkey for you already');

  await page.context().clearCookies();
  await page.goto(`${url}/sign-in?return_to=/preferences`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page).toHaveURL(`${url}/preferences`);
  await expect(row).not.toContainText('never');
  await expect(page.getByRole('row', { name: /Authenticator app/ })).toHaveCount(0);

  // Whom the device does not verify, it does not sign for.
  await page.context().clearCookies();
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: false });
  await page.goto(`${url}/sign-in`);
  await page.getByRole('button', { name: 'Sign in with a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('No passkey was given');
  await isAccessible(page, javaScriptEnabled);
  // Beside a password it is the second step; and the console takes it away.
  await device.send('WebAuthn.setUserVerified', { authenticatorId, isUserVerified: true });
  await new LocalAccount('bo', password).givePassword(page);
  await expect(page).toHaveURL(`${url}/sign-in/second-step`);
  await isAccessible(page, javaScriptEnabled);
  run(['user', 'reset-factors', 'bo']);
  await page.getByRole('button', { name: 'Use a passkey' }).click();
  await expect(page.getByRole('alert')).toContainText('This passkey does not open anything here');
});

test.describe('in Swedish', () => {
  test.use({ locale: 'sv-SE' });
  test('the pages speak it', async ({ page }) => {
    await page.goto(`${url}/sign-in`);
    await new LocalAccount('bo', password).givePassword(page);
    await expect(page.getByRole('heading', { level: 1 })).toHaveText(/andra steg/i);
  });
});
