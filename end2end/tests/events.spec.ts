import { expect, test } from './fixtures';
import { asOf, csvRows, rows, total } from './lists';

test.beforeEach(async ({ signIn }) => signIn('reports-reader', '/events'));

test('the halves add up, by status and by feature', async ({ page, now }) => {
  await page.goto(asOf('/events', now));
  const all = await total(page);
  for (const [name, values] of [
    ['status', ['success', 'failure']],
    ['feature', ['registration', 'reset']],
  ] as const) {
    let sum = 0;
    for (const value of values) {
      await page.goto(asOf(`/events?${name}=${value}`, now));
      sum += await total(page);
    }
    expect(sum, name).toBe(all);
  }
});

test('shorter ranges have fewer events', async ({ page }) => {
  const month = await total(page);
  await page.locator('.segments a[href*="range=7d"]').click();
  await expect(page).toHaveURL(/range=7d/);
  const week = await total(page);
  await page.locator('.segments a[href*="range=24h"]').click();
  await expect(page).toHaveURL(/range=24h/);
  const day = await total(page);
  expect(day).toBeGreaterThan(0);
  expect(week).toBeGreaterThan(day);
  expect(month).toBeGreaterThan(week);
});

test('pages lead on and back', async ({ page }) => {
  const first = await rows(page).allInnerTexts();
  await page.locator('a[rel=next]').click();
  await expect(page.locator('a[rel=prev]')).toBeVisible();
  expect(await rows(page).allInnerTexts()).not.toEqual(first);
  await page.locator('a[rel=prev]').click();
  await expect(page.locator('a[rel=prev]')).toHaveCount(0);
  expect(await rows(page).allInnerTexts()).toEqual(first);
});

test('the download has every row of the list', async ({ page, now }) => {
  await page.goto(asOf('/events?feature=reset&status=failure&range=90d', now));
  const expected = await total(page);
  expect(expected).toBeGreaterThan(50);
  const href = await page.locator('a[download][href^="/events.csv"]').getAttribute('href');
  const answer = await page.request.get(href!);
  expect(csvRows(await answer.text())).toHaveLength(expected);
});

test('an event leads to its user', async ({ page }) => {
  await page.locator('tbody a[href^="/users/"]').first().click();
  await expect(page).toHaveURL(/\/users\/[^?]+/);
});

test('a wrong status is refused at its filter', async ({ page, expected }) => {
  expected.push(/status of 400/);
  const answer = await page.goto('/events?status=meh');
  expect(answer!.status()).toBe(400);
  await expect(page.getByRole('alert')).toContainText('meh');
});
