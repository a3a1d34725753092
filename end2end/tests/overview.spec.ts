import type { Page } from '@playwright/test';
import { expect, test } from './fixtures';
import { asOf, number, total } from './lists';

interface Figure {
  n: number;
  href: string;
}

/** Every number of the overview that leads somewhere. */
async function figures(page: Page): Promise<Figure[]> {
  const found: Figure[] = [];
  for (const [links, inside] of [
    ['.tile-value a', null],
    ['.insights a', 'b'],
    ['a.small-tile-main', 'b'],
    ['a.small-tile-unknown', '.num'],
    ['.chart-table td a', null],
  ] as const) {
    for (const link of await page.locator(links).all()) {
      const text = inside ? link.locator(inside) : link;
      found.push({ n: number(await text.textContent()), href: (await link.getAttribute('href'))! });
    }
  }
  return found;
}

for (const query of ['', '?range=7d&population=everyone', '?range=24h', '?range=7d&compare=previous']) {
  test(`every figure of /overview${query} is the length of the list it leads to`, async ({ page, signIn, now }) => {
    test.setTimeout(180_000);
    await signIn();
    await page.goto(asOf(`/overview${query}`, now));
    const found = await figures(page);
    expect(found.length).toBeGreaterThan(12);
    for (const { n, href } of found) {
      await page.goto(href);
      expect(await total(page), href).toBe(n);
    }
  });
}

test('every drawn bar leads where its row in the table leads', async ({ page, signIn }) => {
  await signIn();
  for (const chart of await page.locator('section.chart').all()) {
    const table = await chart.locator('.chart-table td a').evaluateAll((links) => links.map((a) => a.getAttribute('href')));
    const bars = chart.locator('.bar-box a');
    expect(await bars.count()).toBeGreaterThan(0);
    for (const bar of await bars.all()) {
      expect(table).toContain(await bar.getAttribute('href'));
      await expect(bar).toHaveAttribute('aria-label', /\d/);
    }
  }
});

test('the parts of the registered tile are the whole population', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/users');
  const everybody = await total(page);
  let sum = 0;
  for (const answer of ['yes', 'no', 'unknown']) {
    await page.goto(`/users?registered=${answer}`);
    sum += await total(page);
  }
  expect(sum).toBe(everybody);
});

test('the range control changes the range and says which it is', async ({ page, signIn }) => {
  await signIn();
  const control = page.locator('.segments a');
  await expect(control).toHaveCount(5);
  for (const range of ['24h', '7d', '90d', '12mo']) {
    await page.locator(`.segments a[href*="range=${range}"]`).click();
    await expect(page).toHaveURL(new RegExp(`range=${range}`));
    await expect(page.locator('.segments a[aria-current]')).toHaveAttribute('href', new RegExp(`range=${range}`));
  }
});

test('a past instant is shown, and the present is one click away', async ({ page, signIn }) => {
  await signIn();
  const instant = new Date(Date.now() - 40 * 86_400_000).toISOString();
  await page.goto(asOf('/overview', instant));
  const chip = page.locator('.chip');
  await expect(chip).toBeVisible();
  for (const { n, href } of (await figures(page)).slice(0, 6)) {
    await page.goto(href);
    expect(await total(page), href).toBe(n);
  }
  await page.goto(asOf('/overview', instant));
  await chip.locator('a').click();
  await expect(page).toHaveURL(/\/overview$/);
});

test('before there was any data nothing is known, and nothing is zero', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/overview?as_of=2001-01-01T00:00:00Z');
  await expect(page.locator('.notice').first()).toBeVisible();
  await expect(page.locator('.tile .value.unknown')).toHaveCount(3);
});

test('nothing is wider than the screen', async ({ page, signIn }) => {
  await signIn();
  for (const path of ['/overview', '/users', '/events', '/data']) {
    await page.goto(path);
    const [content, screen] = await page.evaluate(() => [document.documentElement.scrollWidth, window.innerWidth]);
    expect(content, path).toBeLessThanOrEqual(screen);
  }
});

for (const path of ['/overview?range=5d', '/overview?nonsense=1', '/overview?from=2026-01-01T00:00:00Z']) {
  test(`${path} is refused with a sentence`, async ({ page, signIn, expected }) => {
    expected.push(/status of 400/);
    await signIn();
    const answer = await page.goto(path);
    expect(answer!.status()).toBe(400);
    await expect(page.getByRole('alert')).toBeVisible();
  });
}

test('a chart and its table tell the same, in any order, and so does the file', async ({ page, signIn }) => {
  await signIn();
  await page.goto('/overview?compare=previous&sort_registrations=-failure');
  const table = page.locator('#table-registration');
  await expect(table).toHaveAttribute('open', '');
  await expect(table.locator('[aria-sort]')).toHaveAttribute('aria-sort', 'descending');
  const failures = await table.locator('tbody tr td:nth-child(3)').allTextContents();
  const numbers = failures.map((text) => number(text));
  expect(numbers).toEqual([...numbers].sort((a, b) => b - a));
  await table.locator('thead a').first().click();
  await expect(page).toHaveURL(/sort_registrations=method#table-registration/);
  const csv = await page.request.get((await table.locator('a[download]').getAttribute('href'))!);
  const lines = (await csv.text()).trim().split('\r\n');
  expect(lines[0]).toBe('method,success,failure,total,previous');
  expect(lines.length - 1).toBe(await table.locator('tbody tr').count());
  expect(csv.headers()['content-disposition']).toMatch(/registrations-members-30d-\d{4}-\d\d-\d\dT\d{6}Z\.csv/);
});

test('every figure says how it is counted, and leads to its rows', async ({ page, signIn }) => {
  await signIn();
  for (const path of ['/overview', '/sms-and-voice']) {
    await page.goto(path);
    const explanations = page.locator('details.explain');
    expect(await explanations.count()).toBeGreaterThan(2);
    const first = explanations.first();
    await first.locator('summary').click();
    await expect(first.locator('dl')).toBeVisible();
    const api = await page.request.get((await first.locator('code').textContent())!);
    expect(api.status()).toBe(200);
  }
});

test('a tile says how it moved, and its line has a name', async ({ page, signIn }) => {
  await signIn();
  for (const tile of await page.locator('.tile, .small-tile, .wide-tile').all()) {
    await expect(tile.locator('.moved')).toContainText(/30 days|No data before/);
    await expect(tile.locator('svg.spark')).toHaveAttribute('aria-label', /\d/);
  }
  const rows = page.locator('#table-history tbody tr');
  const last = rows.last();
  const href = (await last.locator('a').getAttribute('href'))!;
  const then = (await last.locator('td').nth(1).textContent())!;
  await page.goto(href);
  expect(number(await page.locator('.tile-value a').first().textContent())).toBe(number(then));
});
