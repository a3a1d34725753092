import { expect, test } from './fixtures';
import { asOf, csvRows, number, rows, total } from './lists';

test('every figure of usage is the total of its list', async ({ page, signIn, now }) => {
  test.setTimeout(240_000);
  await signIn('security-reader', asOf('/usage', now));
  const figures = await page.locator('main a[href^="/sign-ins?"], main a[href^="/usage/users?"]').evaluateAll((links) =>
    links.map((link) => ({ href: link.getAttribute('href')!, text: link.textContent ?? '' })),
  );
  const wanted = new Map<string, number>();
  for (const { href, text } of figures) {
    // A link that is a number and nothing else is a figure; others are words, or say a date.
    const digits = text.replace(/[\u00a0\u202f]/g, ' ').trim();
    if (/^[0-9][0-9, ]*$/.test(digits)) wanted.set(href, number(digits));
  }
  expect(wanted.size).toBeGreaterThan(15);
  for (const [href, figure] of wanted) {
    await page.goto(href);
    expect(await total(page), href).toBe(figure);
  }
});

test('the halves add up: required, challenged, results', async ({ page, signIn, now }) => {
  await signIn('security-reader', asOf('/sign-ins', now));
  const all = await total(page);
  expect(all).toBeGreaterThan(100);
  for (const [name, values] of [
    ['mfa_required', ['yes', 'no', 'unknown']],
    ['challenged', ['yes', 'no']],
    ['mfa_result', ['satisfied', 'denied', 'pending', 'none', 'unknown']],
    ['status', ['success', 'failure', 'interrupted', 'unknown']],
    ['interactive', ['yes', 'no', 'unknown']],
  ] as const) {
    let sum = 0;
    for (const value of values) {
      await page.goto(asOf(`/sign-ins?${name}=${value}`, now));
      sum += await total(page);
    }
    expect(sum, name).toBe(all);
  }
});

test('a sign-in is shown from every side', async ({ page, signIn }) => {
  await signIn('security-reader', '/sign-ins?challenged=yes&mfa_result=denied');
  const found = page.locator('tbody a[href^="/sign-ins/"]');
  const addresses = await found.evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
  // Some records come without their steps.
  for (const address of new Set(addresses)) {
    await page.goto(address);
    await page.goto((await page.locator('main nav a[href*="tab=authentication"]').getAttribute('href'))!);
    if ((await page.locator('main table tbody tr').count()) > 0) break;
  }
  await expect(page).toHaveURL(/\/sign-ins\/[^?]+/);
  const tabs = page.locator('main nav a[href*="tab="], main nav a[href^="/sign-ins/"]');
  await expect(tabs).toHaveCount(4);
  await expect(page.locator('main table tbody tr')).not.toHaveCount(0);
  await page.goto((await page.locator('main nav a[href*="tab=conditional"]').getAttribute('href'))!);
  await expect(page.locator('main')).toContainText(/Second factor|policy|policies/i);
});

test('the download has every row of the list', async ({ page, signIn, now }) => {
  await signIn('security-reader', asOf('/sign-ins?mfa_result=denied', now));
  const expected = await total(page);
  expect(expected).toBeGreaterThan(0);
  const href = await page.locator('a[download][href^="/sign-ins.csv"]').getAttribute('href');
  const text = await (await page.request.get(href!)).text();
  expect(csvRows(text)).toHaveLength(expected);
  expect(text.split('\n')[0]).toContain('ip');
});

test('a Reports Reader sees nothing of Conditional Access, addresses and places', async ({ page, signIn, expected }) => {
  expected.push(/status of 403/);
  await signIn('reports-reader', '/sign-ins?challenged=yes');
  expect(await rows(page).count()).toBeGreaterThan(0);
  const html = await page.content();
  expect(html).not.toMatch(/\b(203\.0\.113|198\.51\.100|192\.0\.2)\.\d/);
  expect(html).not.toContain('ca_result');
  const csv = await page.request.get('/sign-ins.csv');
  expect((await csv.text()).split('\n')[0]).not.toMatch(/\b(ip|city|country|ca_result|policies)\b/);
  for (const query of ['ip=203.0.113.7', 'ca_result=success', 'ca_policy=x', 'sort=ip', 'columns=ip']) {
    const answer = await page.goto(`/sign-ins?${query}`);
    expect(answer!.status(), query).toBe(403);
    await expect(page.locator('main')).toContainText('Security Reader');
  }
  await page.goto('/sign-ins?challenged=yes');
  await page.locator('tbody a[href^="/sign-ins/"]').first().click();
  await expect(page.locator('main nav a[href*="tab=conditional"]')).toHaveCount(0);
});
