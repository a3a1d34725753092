import { expect, roles, test } from './fixtures';

for (const [role, title] of roles) {
  test(`the demo signs in as ${title}`, async ({ page, signIn }) => {
    await signIn(role);
    const menu = page.locator('.side-narrow > summary');
    if (await menu.isVisible()) await menu.click();
    await expect(page.locator('.who-name:visible')).toContainText(title);
  });
}

test('whoever is not signed in is asked first, then led on', async ({ page }) => {
  await page.goto('/users?registered=no');
  await expect(page).toHaveURL(/\/sign-in\?/);
  await page.locator('button[name=role][value=reports-reader]').click();
  await expect(page).toHaveURL('/users?registered=no');
});

test('signing out ends the session', async ({ page, signIn }) => {
  await signIn();
  const menu = page.locator('.side-narrow > summary');
  if (await menu.isVisible()) await menu.click();
  await page.locator('form[action="/sign-out"] button:visible').click();
  await expect(page).toHaveURL(/\/sign-in/);
  await expect(page.getByRole('status').first()).toBeVisible();
  await page.goto('/overview');
  await expect(page).toHaveURL(/\/sign-in/);
});
