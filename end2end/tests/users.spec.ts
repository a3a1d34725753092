import { expect, test } from './fixtures';
import { csvRows, rows, total } from './lists';

test.beforeEach(async ({ signIn }) => signIn('reports-reader', '/users'));

test('a filter narrows, its chip widens again, and clear all removes the rest', async ({ page }) => {
  const everybody = await total(page);
  await page.locator('details.popover:has(input[type=checkbox][name=registered]) > summary').click();
  await page.locator('input[type=checkbox][name=registered][value=no]').check();
  await page.locator('details.popover:has(input[type=checkbox][name=registered]) button[type=submit]').click();
  await expect(page).toHaveURL(/registered=no/);
  const unregistered = await total(page);
  expect(unregistered).toBeGreaterThan(0);
  expect(unregistered).toBeLessThan(everybody);

  await page.locator('details.popover:has(input[type=checkbox][name=method_class]) > summary').click();
  await page.locator('input[type=checkbox][name=method_class][value=none]').check();
  await page.locator('details.popover:has(input[type=checkbox][name=method_class]) button[type=submit]').click();
  await expect(page).toHaveURL(/registered=no.*method_class=none/);
  expect(await total(page)).toBeLessThan(unregistered);

  const chips = page.locator('li.chip');
  await expect(chips).toHaveCount(2);
  await chips.last().locator('a').click();
  await expect(page).not.toHaveURL(/method_class/);
  expect(await total(page)).toBe(unregistered);

  await page.locator('main a[href^="/users"]').filter({ hasText: /clear/i }).first().click();
  // The columns stay: they are a choice of what to see, not of whom.
  await expect(page).not.toHaveURL(/registered=no/);
  await expect(chips).toHaveCount(0);
  expect(await total(page)).toBe(everybody);
});

test('search finds names without their accents', async ({ page }) => {
  await page.locator('input[type=search]').fill('lindstrom');
  await page.locator('input[type=search]').press('Enter');
  await expect(page).toHaveURL(/q=lindstrom/);
  expect(await total(page)).toBeGreaterThan(0);
  for (const name of await page.locator('tbody a.person b').allInnerTexts()) expect(name).toContain('Lindström');
  await page.locator('input[type=search]').fill('nobody-has-this-name');
  await page.locator('input[type=search]').press('Enter');
  await expect(page).toHaveURL(/q=nobody/);
  expect(await total(page)).toBe(0);
  await expect(page.locator('#list')).toContainText(/clear/i);
});

test('every heading sorts, both ways', async ({ page }) => {
  const columns = await page.locator('th a').evaluateAll((links) => links.map((link) => link.getAttribute('href')!));
  expect(columns.length).toBeGreaterThan(4);
  const everybody = await total(page);
  for (const href of columns) {
    await page.goto(href);
    expect(await total(page), href).toBe(everybody);
    await expect(page.locator('th[aria-sort]')).toHaveCount(1);
  }
  await page.goto('/users');
  const first = rows(page).first();
  const ascending = await first.innerText();
  await expect(page.locator('th[aria-sort=ascending]')).toHaveCount(1);
  await page.locator('th[aria-sort] a').click();
  await expect(page.locator('th[aria-sort=descending]')).toHaveCount(1);
  expect(await first.innerText()).not.toBe(ascending);
});

test('pages lead on and back to the same rows', async ({ page }) => {
  const first = await rows(page).allInnerTexts();
  expect(first).toHaveLength(50);
  await page.locator('a[rel=next]').click();
  await expect(page.locator('a[rel=prev]')).toBeVisible();
  await expect(page.locator('nav.pager .num')).toContainText('51');
  await expect(page).toHaveTitle(/page 2/);
  const second = await rows(page).allInnerTexts();
  expect(second).toHaveLength(50);
  expect(second.filter((row) => first.includes(row))).toEqual([]);
  await page.locator('a[rel=next]').click();
  await page.locator('a[rel=prev]').click();
  expect(await rows(page).allInnerTexts()).toEqual(second);
  await page.locator('a[rel=prev]').click();
  expect(await rows(page).allInnerTexts()).toEqual(first);
  await expect(page.locator('a[rel=prev]')).toHaveCount(0);
});

test('the download has every row of the list', async ({ page }) => {
  await page.goto('/users?registered=no&department=Field+Services');
  const expected = await total(page);
  expect(expected).toBeGreaterThan(0);
  const href = await page.locator('a[download][href^="/users.csv"]').getAttribute('href');
  const answer = await page.request.get(href!);
  expect(answer.headers()['content-type']).toContain('text/csv');
  expect(csvRows(await answer.text())).toHaveLength(expected);
});

test('columns are chosen in the URL', async ({ page }) => {
  await page.goto('/users?columns=user_name&columns=country');
  await expect(page.locator('#list th')).toHaveCount(2);
  await page.locator('details.popover:has(input[type=checkbox][name=columns]) > summary').click();
  await page.locator('input[type=checkbox][name=columns][value=department]').check();
  await page.locator('select[name=size]').selectOption('25');
  await page.locator('details.popover:has(input[type=checkbox][name=columns]) button[type=submit]').click();
  await expect(page).toHaveURL(/size=25/);
  await expect(page.locator('#list th')).toHaveCount(3);
  await expect(rows(page)).toHaveCount(25);
});

for (const [query, word] of [
  ['registered=maybe', 'maybe'],
  ['size=0', '0'],
  ['sort=shoe_size', 'shoe_size'],
  ['colour=blue', 'colour'],
  ['after=nonsense', 'after'],
]) {
  test(`?${query} is refused at its filter`, async ({ page, expected }) => {
    expected.push(/status of 400/);
    const answer = await page.goto(`/users?${query}`);
    expect(answer!.status()).toBe(400);
    await expect(page.getByRole('alert')).toContainText(word);
    await expect(page.locator('main table')).toHaveCount(0);
  });
}

test('a person has a page', async ({ page }) => {
  const person = page.locator('tbody a.person').first();
  const name = await person.locator('b').innerText();
  await person.click();
  await expect(page).toHaveURL(/\/users\/[^?]+/);
  await expect(page.locator('h1')).toHaveText(name);
  await expect(page.locator('dl.fact').first()).toBeVisible();
});

test('nobody has this id', async ({ page, expected }) => {
  expected.push(/status of 404/);
  const answer = await page.goto('/users/00000000-0000-4000-8000-000000000000');
  expect(answer!.status()).toBe(404);
  await expect(page.locator('main a[href="/users"]').last()).toBeVisible();
});
