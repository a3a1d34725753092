// On paper: what the page is, without what only a screen can do. The sheets are kept for people to look at.
import { everyPage, expect, test } from './fixtures';

test('every page prints', async ({ page, signIn }, info) => {
  test.skip(info.project.name !== 'js', 'paper is the same for everybody');
  test.setTimeout(120_000);
  await signIn('global-administrator');
  const paths = await everyPage(page);
  await page.emulateMedia({ media: 'print' });
  for (const path of paths) {
    await page.goto(path);
    await expect(page.locator('nav a:visible')).toHaveCount(0);
    await expect(page.locator('.printed')).toContainText('UTC');
    const name = path.replace(/[?&=%]/g, '_').replace(/\//g, '-').slice(1, 60);
    await page.pdf({ path: info.outputPath(`${name}.pdf`), format: 'A4', printBackground: false });
    await info.attach(name, { path: info.outputPath(`${name}.pdf`) });
  }
});
