// Signing in with a real identity provider, once with each role: Keyroll and the provider run for this file alone.
import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Page } from '@playwright/test';
import { AxeBuilder } from '@axe-core/playwright';
import { freePort, program } from '../server';
import { expect, roles, test } from './fixtures';
import { key, LocalAccount } from './local-account';

const password = 'correct horse battery staple';
const secret = 'a secret of these tests';
const glass = new LocalAccount('glass', password);

let folder: string;
let url: string;
const running: ChildProcess[] = [];

test.describe.configure({ mode: 'serial' });
// The provider has no icon, and asks for a password that it does not look at.
test.use({ expected: async ({}, use) => use([/404/, /403/, /password/i]) });

test.beforeAll(async ({ request }) => {
  folder = mkdtempSync(join(tmpdir(), 'keyroll-provider-'));
  url = `http://127.0.0.1:${freePort()}`;
  const providerPort = freePort();
  const issuer = `http://127.0.0.1:${providerPort}`;
  const config = join(folder, 'keyroll.toml');
  writeFileSync(config, `[oidc]\nissuer = "${issuer}"\nclient_id = "keyroll"\nname = "Contoso"\n`);
  const env = {
    ...process.env,
    ...key,
    DATABASE_URL: `sqlite:${join(folder, 'real.db')}`,
    KEYROLL_CONFIG: config,
    KEYROLL_OIDC_CLIENT_SECRET: secret,
  };
  execFileSync(program, ['user', 'add', 'glass', '--role', 'global-administrator'], { env, input: password });
  running.push(
    spawn(process.execPath, [resolve(__dirname, '../identity-provider.mjs'), providerPort, url], {
      env: { ...process.env, CLIENT_SECRET: secret },
      stdio: 'ignore',
    }),
    spawn(program, ['serve', '--listen', new URL(url).host], { env, stdio: 'ignore' }),
  );
  for (const ready of [`${url}/readyz`, `${issuer}/.well-known/openid-configuration`]) {
    await expect(async () => expect((await request.get(ready)).ok()).toBe(true)).toPass();
  }
});

test.afterAll(() => {
  for (const process of running) process.kill();
  rmSync(folder, { recursive: true, force: true });
});

// The provider's own forms ask for a font from elsewhere: nothing leaves this computer.
test.beforeEach(({ page }) => page.route('https://fonts.googleapis.com/**', (route) => route.fulfill({ contentType: 'text/css', body: '' })));

/** From the provider's form back to Keyroll. */
async function signInAs(page: Page, name: string) {
  await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
  await page.locator('input[name=login]').fill(name);
  await page.locator('input[name=password]').fill('anything');
  // By name: the page that asks whether Keyroll may know who it is has a button in the same place.
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await page.getByRole('button', { name: 'Continue' }).click();
}

for (const [role, title] of roles) {
  test(`a ${title} of the directory is one here`, async ({ page }) => {
    await page.goto(`${url}/users?registered=no`);
    await expect(page).toHaveURL(/\/sign-in\?/);
    await signInAs(page, role);
    await expect(page).toHaveURL(`${url}/users?registered=no`);
    // Before its styles are there, the menu of narrow windows is visible in wide ones.
    await page.waitForLoadState();
    const menu = page.locator('.side-narrow > summary');
    if (await menu.isVisible()) await menu.click();
    await expect(page.locator('.who-name:visible')).toContainText(`The ${role}`);
    const settings = await page.request.get(`${url}/settings/sources`);
    expect(settings.status()).toBe(['global-reader', 'global-administrator'].includes(role) ? 200 : 403);
  });
}

test('who holds no role is told which it takes', async ({ page }) => {
  await page.goto(`${url}/sign-in`);
  await signInAs(page, 'nobody-special');
  await expect(page.getByRole('alert')).toContainText('none of your roles opens Keyroll');
  await page.goto(`${url}/overview`);
  await expect(page).toHaveURL(/\/sign-in/);
});

test('a session ends in its own time, and the next one begins with a click; who ends sessions is asked anew', async ({ page }) => {
  await page.goto(`${url}/preferences`);
  await signInAs(page, 'global-reader');
  await expect(page).toHaveURL(`${url}/preferences`);
  // The provider knows the browser from here on, and would answer without asking.
  await page.context().clearCookies({ name: 'session' });
  await page.goto(`${url}/preferences`);
  await expect(page).toHaveURL(/\/sign-in\?return_to=/);
  await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
  await expect(page).toHaveURL(`${url}/preferences`);
  const endOthers = page.getByRole('button', { name: 'End all other sessions' });
  await expect(endOthers).toHaveCount(0);
  await page.getByRole('link', { name: 'Sign in again' }).click();
  await page.getByRole('link', { name: 'Sign in with Contoso' }).click();
  await page.locator('input[name=login]').fill('global-reader');
  await page.locator('input[name=password]').fill('anything');
  await page.getByRole('button', { name: 'Sign-in' }).click();
  await expect(page).toHaveURL(`${url}/preferences`);
  await endOthers.click();
  await expect(endOthers).toHaveCount(0);
});

test('an account of the installation is there for when the provider is not', async ({ page }) => {
  await page.goto(`${url}/sign-in`);
  await page.getByText('Use an account of this installation').click();
  await glass.signIn(page);
  await expect(page).toHaveURL(`${url}/`);
});

test('an administrator sees who came in, and ends it', async ({ page, javaScriptEnabled }) => {
  await page.goto(`${url}/sign-in?return_to=/settings/people`);
  await page.getByText('Use an account of this installation').click();
  await glass.signIn(page);
  const reader = page.getByRole('row', { name: /The reports-reader/ });
  await expect(reader).toContainText('Reports Reader');
  await expect(reader.getByRole('combobox')).toHaveCount(0);
  await reader.getByRole('button', { name: 'End sessions' }).click();
  await expect(reader.getByRole('button', { name: 'End sessions' })).toHaveCount(0);
  for (const path of ['/settings/people', '/preferences', '/settings/tokens', '/sign-in']) {
    await page.goto(url + path);
    if (javaScriptEnabled !== false) expect((await new AxeBuilder({ page }).analyze()).violations, path).toEqual([]);
  }
});
