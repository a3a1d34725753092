// Every page in Swedish: said to be Swedish, and nothing of ours left in English. Data keeps its own language.
import { AxeBuilder } from '@axe-core/playwright';
import { everyPage, expect, test } from './fixtures';
import { choose } from './preferences';

/** Words that no Swedish sentence has. */
const english =
  /\b(the|and|with|from|users?|events?|search|registered|enabled|capable|unknown|show|download|columns|apply|overview|failed|succeeded|refreshed|members|guests|everyone|clear|previous|next|times are|sign|page)\b/i;

/** What people and files are called, what was recorded, and what is typed on a command line. */
const data = 'td:not(:has(.state)), tbody th, .person, .tag.raw, .reason, .file-name, .chip, code, .path, kbd, .fact dd, .field-problem, [lang=en], script, style, option';

test('every page in Swedish', async ({ page, signIn, expected, javaScriptEnabled }, { project }) => {
  test.setTimeout(240_000);
  expected.push(/status of 40[04]/);
  await signIn('global-administrator');
  await choose(page, 'language', 'sv');
  const left: string[] = [];
  const paths = [...(await everyPage(page)), '/users?registered=maybe', '/overview?as_of=2001-01-01T00:00:00Z', '/nowhere'];
  for (const path of paths) {
    await page.goto(path);
    await expect(page.locator('html')).toHaveAttribute('lang', 'sv');
    // Without JavaScript the page cannot be walked; that the same page is asked for is enough.
    if (javaScriptEnabled === false) continue;
    const texts = await page.evaluate((data) => {
      const copy = document.body.cloneNode(true) as HTMLElement;
      // Paths and types of the API are called what they are called, also within a sentence.
      const names = [...copy.querySelectorAll('.path')].map((element) => element.textContent ?? '');
      names.sort((one, other) => other.length - one.length);
      for (const element of copy.querySelectorAll(data)) element.remove();
      const attributes = [...copy.querySelectorAll('[aria-label], [title], [placeholder]')].flatMap((element) =>
        ['aria-label', 'title', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      );
      const walker = document.createTreeWalker(copy, NodeFilter.SHOW_TEXT);
      const texts: string[] = [];
      while (walker.nextNode()) texts.push(walker.currentNode.textContent ?? '');
      const all = [document.title, ...texts, ...attributes];
      return all.map((text) => names.reduce((rest, name) => rest.replace(name, ''), text));
    }, data);
    left.push(...texts.filter((text) => english.test(text)).map((text) => `${path}: ${text.trim()}`));
    // Swedish words are long: nothing is wider than the screen, nor than a tablet's, and no fact than its place.
    const { width, height } = page.viewportSize()!;
    for (const tried of project.name === 'js' ? [768, width] : [width]) {
      await page.setViewportSize({ width: tried, height });
      const excess = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      if (excess > 0) left.push(`${path}: ${excess} px wider than ${tried} px`);
      const facts = await page.locator('.fact').evaluateAll((facts) =>
        facts.filter((fact) => fact.scrollWidth > fact.clientWidth).map((fact) => (fact as HTMLElement).innerText),
      );
      left.push(...facts.map((fact) => `${path}: sticks out at ${tried} px: ${fact}`));
    }
    // Names for those who listen are in Swedish too; they are the same on a phone, and colours in English.
    if (project.name !== 'js') continue;
    const { violations } = await new AxeBuilder({ page }).disableRules('color-contrast').analyze();
    left.push(...violations.flatMap(({ id, nodes }) => nodes.map((node) => `${path} ${id}: ${node.html}`)));
  }
  expect(left).toEqual([]);
});
