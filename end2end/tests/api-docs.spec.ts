// /api/docs: the way there, from the contents to an operation, what it takes, and an example to copy.
import { expect, test } from './fixtures';

test('the menu of preferences leads to the reference', async ({ page, signIn, isMobile }) => {
  await signIn();
  if (isMobile) await page.locator('.side-narrow > summary').click();
  await page.locator('.own-choices > summary:visible').click();
  await page.locator('.own-choices a[href="/api/docs"]:visible').click();
  await expect(page.getByRole('heading', { level: 1 })).toHaveText('API');
});

test('an operation is found from the contents, and its parts open', async ({ page, signIn }) => {
  await signIn('reports-reader', '/api/docs');
  await page.locator('.api-contents a[href="#list_users"]').click();
  await expect(page).toHaveURL(/#list_users$/);
  const operation = page.locator('#list_users');
  await expect(operation.getByRole('heading', { level: 3 })).toBeInViewport();
  const parameter = operation.getByRole('rowheader', { name: 'registered', exact: true });
  await expect(parameter).toBeHidden();
  await operation.getByRole('heading', { name: 'Parameters' }).click();
  await expect(parameter).toBeVisible();
  await operation.getByRole('heading', { name: 'Fields of the answer' }).click();
  await operation.locator('a[href="#shape-User"]').click();
  await expect(page.locator('#shape-User').getByRole('heading')).toBeInViewport();
});

test('one click marks a whole example, with the address that the reader uses', async ({ page, signIn, baseURL }) => {
  await signIn('reports-reader', '/api/docs');
  await page.locator('#list_users .example code').click();
  const marked = await page.evaluate(() => String(getSelection()));
  expect(marked.replace(/\s+/g, ' ').trim()).toBe(
    `curl -H "Authorization: Bearer $KEYROLL_TOKEN" \\ '${baseURL}/api/v1/users?size=100'`,
  );
});
