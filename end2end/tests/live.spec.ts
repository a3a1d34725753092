// With JavaScript a list follows what is typed and chosen, and nothing else on the screen changes.
import { expect, test } from './fixtures';
import { rows, total } from './lists';

test.skip(({ javaScriptEnabled }) => javaScriptEnabled === false, 'without JavaScript the form is sent by its button');

test.beforeEach(async ({ page, signIn }) => {
  await signIn('reports-reader', '/users');
  // The copy button shows itself when the islands are awake.
  await expect(page.locator('.copy-link button')).toBeVisible();
});

test('typing filters; focus, caret, open popovers and history stay', async ({ page }) => {
  const everybody = await total(page);
  const search = page.locator('input[type=search]');
  await page.evaluate(() => ((window as any).sameDocument = true));
  await search.pressSequentially('lindstrm', { delay: 20 });
  await search.press('ArrowLeft');
  await search.pressSequentially('o');
  await expect(page).toHaveURL(/q=lindstrom/);
  await expect(search).toBeFocused();
  expect(await search.evaluate((input: HTMLInputElement) => input.selectionStart)).toBe(8);
  const found = await total(page);
  expect(found).toBeGreaterThan(0);
  expect(found).toBeLessThan(everybody);
  await expect(page.locator('leptos-island [role=status]').filter({ hasText: String(found) })).toHaveCount(1);
  await expect(page.locator('#count')).toContainText(String(found));
  await expect(page.locator('li.chip')).toHaveCount(1);
  await expect(page.locator('a[download][href*="q=lindstrom"]')).toHaveCount(4);
  expect(await page.evaluate(() => (window as any).sameDocument)).toBe(true);

  // The same address shows the same screen, and Back leaves the list.
  const seen = await rows(page).allInnerTexts();
  await page.reload();
  expect(await rows(page).allInnerTexts()).toEqual(seen);
  await page.goBack();
  await expect(page).not.toHaveURL(/\/users/);
});

test('Esc clears the search', async ({ page }) => {
  const everybody = await total(page);
  await page.locator('input[type=search]').fill('lindstrom');
  await expect(page).toHaveURL(/q=lindstrom/);
  await page.locator('input[type=search]').press('Escape');
  await expect(page).toHaveURL(/\/users$/);
  expect(await total(page)).toBe(everybody);
});

test('a box that is ticked filters at once, its popover stays open, and Back takes it back', async ({ page }) => {
  const everybody = await total(page);
  const popover = page.locator('details.popover:has(input[type=checkbox][name=registered])');
  await popover.locator('summary').click();
  await popover.locator('input[type=checkbox][value=no]').check();
  await expect(page).toHaveURL(/registered=no/);
  await expect(popover).toHaveAttribute('open', '');
  await expect(popover.locator('.count')).toHaveText('1');
  expect(await total(page)).toBeLessThan(everybody);
  await page.goBack();
  await expect(page).toHaveURL(/\/users$/);
  await expect(page.locator('li.chip')).toHaveCount(0);
  expect(await total(page)).toBe(everybody);
});

test('the answer to an older question is never shown', async ({ page }) => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  await page.route(/q=lin&|q=lin$/, async (route) => {
    await held;
    await route.continue().catch(() => {});
  });
  const search = page.locator('input[type=search]');
  const asked = page.waitForRequest(/q=lin(&|$)/);
  await search.fill('lin');
  await asked;
  await search.fill('berg');
  await expect(page).toHaveURL(/q=berg/);
  const seen = await rows(page).allInnerTexts();
  release();
  await page.unrouteAll({ behavior: 'wait' });
  expect(await rows(page).allInnerTexts()).toEqual(seen);
  await expect(page).toHaveURL(/q=berg/);
});

test('an answer that fails keeps the rows, marks them as old and can be asked for again', async ({ page, expected }) => {
  expected.push(/503/, /Failed to load/);
  const seen = await rows(page).allInnerTexts();
  await page.route(/q=lindstrom/, (route) =>
    route.fulfill({ status: 503, headers: { 'x-request-id': 'some-id' }, body: 'no' }),
  );
  await page.locator('input[type=search]').fill('lindstrom');
  const problem = page.locator('.live-problem');
  await expect(problem).toContainText('some-id');
  expect(await rows(page).allInnerTexts()).toEqual(seen);
  await expect(page.locator('#list')).toHaveAttribute('data-old', 'true');
  await page.unrouteAll({ behavior: 'wait' });
  await problem.locator('button').click();
  await expect(page).toHaveURL(/q=lindstrom/);
  await expect(problem).toBeHidden();
  await expect(page.locator('#list')).not.toHaveAttribute('data-old', /.*/);
});

test('a session that has ended is said so', async ({ page, context }) => {
  await context.clearCookies();
  await page.locator('input[type=search]').fill('lindstrom');
  await expect(page.locator('.live-problem')).toContainText(/session has ended/);
});
