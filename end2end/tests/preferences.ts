import { expect, type Page } from '@playwright/test';

/** Presses a button of the menu in the navigation; the same screen comes back. */
export async function choose(page: Page, name: 'language' | 'theme', value: string) {
  const before = page.url();
  const menu = page.locator('.side-narrow > summary');
  if (await menu.isVisible()) await menu.click();
  await page.locator('.own-choices > summary:visible').click();
  await page.locator(`.own-choices button[name=${name}][value=${value}]:visible`).click();
  await expect(page).toHaveURL(before);
  const attribute = name === 'language' ? 'lang' : 'data-theme';
  if (value === 'system') await expect(page.locator('html')).not.toHaveAttribute(attribute, /./);
  else await expect(page.locator('html')).toHaveAttribute(attribute, value);
}
