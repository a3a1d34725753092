import { expect, test } from './fixtures';
import { asOf, csvRows, rows, total } from './lists';

test('the activity report counts what components did', async ({ page, signIn, now }) => {
  await signIn('security-reader', asOf('/mfa/activity', now));
  const all = await total(page);
  expect(all).toBeGreaterThan(10);
  for (const [name, values] of [
    ['authenticated', ['yes', 'no', 'unknown']],
    ['component', ['none', 'nps', 'adfs', 'mfa_server']],
  ] as const) {
    let sum = 0;
    for (const value of values) {
      await page.goto(asOf(`/mfa/activity?${name}=${value}`, now));
      sum += await total(page);
    }
    expect(sum, name).toBe(all);
  }
});

for (const path of ['/mfa/blocked-users', '/mfa/bypassed-users', '/mfa/fraud-alerts', '/mfa/servers']) {
  test(`${path} has rows and gives all of them as a file`, async ({ page, signIn, now }) => {
    await signIn('security-reader', asOf(path, now));
    const expected = await total(page);
    expect(expected).toBeGreaterThan(0);
    expect(await rows(page).count()).toBe(Math.min(expected, 50));
    const csv = await (await page.request.get(asOf(`${path}.csv`, now))).text();
    expect(csvRows(csv)).toHaveLength(expected);
  });
}

test('open blocks come first', async ({ page, signIn, now }) => {
  await signIn('security-reader', asOf('/mfa/blocked-users?status=open', now));
  const open = await total(page);
  await page.goto(asOf('/mfa/blocked-users?columns=status&size=1000', now));
  const states = await rows(page).allInnerTexts();
  expect(states.slice(0, open).every((text) => text.includes('Open'))).toBe(true);
  expect(states.slice(open).some((text) => text.includes('Open'))).toBe(false);
});

test('a security administrator adds a note, and everybody reads it', async ({ page, signIn }) => {
  await signIn('reports-reader', '/mfa/blocked-users');
  await expect(page.locator('form[action="/mfa/notes"]')).toHaveCount(0);
  await signIn('security-administrator', '/mfa/blocked-users');
  const text = `Checked with the help desk ${Date.now()}`;
  const row = rows(page).first();
  await row.locator('details:has(form[action="/mfa/notes"]) summary').click();
  await row.locator('textarea[name=text]').fill(text);
  await row.locator('form[action="/mfa/notes"] button').click();
  await expect(page).toHaveURL(/\/mfa\/blocked-users/);
  await signIn('reports-reader', '/mfa/blocked-users');
  await expect(rows(page).first()).toContainText(text);
});

test('the lists of the old commands', async ({ page, signIn }) => {
  await signIn('reports-reader', '/lists/mfa-registered');
  for (const [path, header] of [
    ['/lists/mfa-registered', '"UserPrincipalName"'],
    ['/lists/mfa-not-registered', '"UserPrincipalName"'],
    ['/lists/mfa-methods', '"UserPrincipalName","MFA Status","MFA Methods"'],
  ] as const) {
    await page.goto(path);
    const expected = await total(page);
    const csv = await (await page.request.get(`${path}.csv`)).text();
    expect(csv.startsWith(`${header}\r\n`), path).toBe(true);
    expect(csvRows(csv), path).toHaveLength(expected);
  }
});

test('a pasted code and a pasted text find their reason, and its count its sign-ins', async ({ page, signIn, now }) => {
  await signIn('security-reader', asOf('/reasons?q=AADSTS500121', now));
  await expect(rows(page)).toHaveCount(1);
  await page.goto(asOf(`/reasons?q=${encodeURIComponent('MFA denied; user declined the authentication')}`, now));
  await expect(rows(page)).toHaveCount(1);
  const link = rows(page).first().locator('a[href^="/sign-ins?"]');
  const figure = Number((await link.innerText()).replace(/[^0-9]/g, ''));
  expect(figure).toBeGreaterThan(0);
  await page.goto((await link.getAttribute('href'))!);
  expect(await total(page)).toBe(figure);
});
