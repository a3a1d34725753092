import { expect, test } from './fixtures';
import { asOf, total } from './lists';

const dates = 'details.popover:has(input[type=datetime-local])';

test('a window of one’s own is chosen by dates, and its chip takes it away', async ({ page, signIn, now }) => {
  await signIn('reports-reader', asOf('/events', now));
  const month = await total(page);
  await page.locator(`${dates} > summary`).click();
  const [from, to] = [page.locator('input[type=datetime-local][name=from]'), page.locator('input[type=datetime-local][name=to]')];
  const last = await to.inputValue();
  const day = new Date(`${last}Z`);
  day.setUTCDate(day.getUTCDate() - 3);
  await from.fill(day.toISOString().slice(0, 16));
  await page.locator('form:has(input[type=datetime-local][name=from]) button').click();
  await expect(page).toHaveURL(/from=.*to=/);
  const some = await total(page);
  expect(some).toBeGreaterThan(0);
  expect(some).toBeLessThan(month);
  // Shown in the zone that it was typed in.
  await page.locator(`${dates} > summary`).click();
  await expect(to).toHaveValue(last);
  // Links say instants.
  await expect(page.locator('th a').first()).toHaveAttribute('href', /from=\d{4}-\d\d-\d\dT\d\d%3A\d\d%3A\d\d\.\d{3}Z/);
  await page.locator('li.chip a:not([href*="from="])').click();
  await expect(page).not.toHaveURL(/from=/);
  await expect(page).toHaveURL(/as_of=/);
  expect(await total(page)).toBe(month);
});

test('a past day shows the people of that day', async ({ page, signIn }) => {
  await signIn('reports-reader', '/users');
  await page.locator(`${dates} > summary`).click();
  const at = page.locator('input[type=datetime-local][name=as_of]');
  const day = new Date(`${await at.inputValue()}Z`);
  day.setUTCDate(day.getUTCDate() - 20);
  await at.fill(day.toISOString().slice(0, 16));
  await page.locator('form:has(input[type=datetime-local][name=as_of]) button').click();
  await expect(page).toHaveURL(/as_of=/);
  await expect(page.locator('li.chip')).toHaveCount(1);
  expect(await total(page)).toBeGreaterThan(0);
});

test('one period back and on again', async ({ page, signIn }) => {
  await signIn('reports-reader', '/overview?range=7d');
  await expect(page.locator('.steps a')).toHaveCount(1);
  await page.locator('.steps a').first().click();
  await expect(page).toHaveURL(/range=7d&as_of=/);
  await expect(page.locator('.steps a')).toHaveCount(2);
  await page.locator('.steps a').last().click();
  await expect(page).not.toHaveURL(/as_of=/);
  await expect(page).toHaveURL(/range=7d/);
});

test('a window that ends before it begins is refused at its control', async ({ page, signIn, expected }) => {
  expected.push(/status of 400/);
  await signIn('reports-reader', '/overview');
  for (const path of ['/overview', '/events']) {
    const answer = await page.goto(`${path}?from=2026-11-02T00:00&to=2026-11-01T00:00&tz=Europe/Stockholm`);
    expect(answer!.status()).toBe(400);
    await expect(page.getByRole('alert')).toBeVisible();
    await expect(page.locator(`${dates} > summary`)).toHaveClass(/wrong/);
  }
});
