import { expect, test } from './fixtures';
import { number, total } from './lists';

test('from the skip link to the list behind a tile, without a mouse', async ({ page, signIn, isMobile }) => {
  test.skip(isMobile, 'a phone has no Tab key');
  await signIn();
  await page.keyboard.press('Tab');
  const skip = page.locator('a.skip');
  await expect(skip).toBeFocused();
  await expect(skip).toBeInViewport();
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/#content$/);

  const tile = page.locator('.tile-value a').first();
  for (let presses = 0; presses < 40 && !(await tile.evaluate((link) => link === document.activeElement)); presses++) {
    await page.keyboard.press('Tab');
    // Wherever the focus is, it can be seen.
    await expect(page.locator(':focus')).toBeInViewport();
  }
  await expect(tile).toBeFocused();
  const n = number(await tile.innerText());
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/\/users\?/);
  expect(await total(page)).toBe(n);
});

test('a filter is chosen by keyboard', async ({ page, signIn, isMobile }) => {
  test.skip(isMobile, 'a phone has no Tab key');
  await signIn('reports-reader', '/users');
  await page.locator('details.popover:has(input[name=enabled]) > summary').focus();
  await page.keyboard.press('Enter');
  await page.keyboard.press('Tab');
  await expect(page.locator('input[name=enabled]').first()).toBeFocused();
  await page.keyboard.press('Space');
  await page.keyboard.press('Enter');
  await expect(page).toHaveURL(/enabled=yes/);
});

test.describe('single keys', () => {
  test.skip(({ javaScriptEnabled, isMobile }) => javaScriptEnabled === false || isMobile, 'they need JavaScript and keys');

  test('help opens and gives the focus back; search and pages are one or two keys away', async ({ page, signIn }) => {
    await signIn();
    await expect(page.locator('.copy-link button')).toBeVisible();
    const tile = page.locator('.tile-value a').first();
    await tile.focus();
    await page.keyboard.press('?');
    const help = page.locator('dialog#shortcuts');
    await expect(help).toBeVisible();
    await page.keyboard.press('Escape');
    await expect(help).toBeHidden();
    await expect(tile).toBeFocused();
    await page.keyboard.press('g');
    await page.keyboard.press('u');
    await expect(page).toHaveURL(/\/users$/);
    await expect(page.locator('.copy-link button')).toBeVisible();
    await page.keyboard.press('/');
    const search = page.locator('main input[type=search]');
    await expect(search).toBeFocused();
    await page.keyboard.press('?');
    await expect(search).toHaveValue('?');
    await expect(help).toBeHidden();
  });

  test('they can be switched off', async ({ page, signIn }) => {
    await signIn('reports-reader', '/preferences?return_to=%2Fusers');
    await page.locator('input[type=checkbox][name=shortcuts]').uncheck();
    await page.locator('form.preferences button[type=submit]').click();
    await expect(page).toHaveURL('/users');
    await expect(page.locator('.copy-link button')).toBeVisible();
    await page.keyboard.press('/');
    await expect(page.locator('main input[type=search]')).not.toBeFocused();
    await expect(page.locator('dialog#shortcuts')).toHaveCount(0);
  });
});
