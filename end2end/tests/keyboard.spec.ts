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
