// Reading lists: totals, rows, downloads.
import { expect, type Page } from '@playwright/test';

/** `path` as it was at `instant`, whatever time it is when it is opened. */
export const asOf = (path: string, instant: string) => `${path}${path.includes('?') ? '&' : '?'}as_of=${instant}`;

/** The digits of a figure as it is printed. */
export function number(text: string | null): number {
  const digits = (text ?? '').replace(/[^0-9]/g, '');
  expect(digits, `a number in "${text}"`).not.toBe('');
  return Number(digits);
}

/** The total of the list on screen: the last number of "1–50 of 3,980"; nothing to list is 0. */
export async function total(page: Page): Promise<number> {
  const pager = page.locator('.pager .num');
  if ((await pager.count()) === 0) {
    await expect(page.locator('#list table')).toHaveCount(0);
    return 0;
  }
  return number((await pager.innerText()).split(/\s/).at(-1)!);
}

export const rows = (page: Page) => page.locator('#list tbody tr');

/** Rows of a CSV text, without its heading; cells in quotes may contain line breaks. */
export function csvRows(text: string): string[][] {
  const table: string[][] = [[]];
  let cell = '';
  let isQuoted = false;
  const body = text.replace(/^\uFEFF/, '');
  for (let i = 0; i < body.length; i++) {
    const c = body[i];
    if (isQuoted && c === '"' && body[i + 1] === '"') {
      cell += body[++i];
    } else if (c === '"') {
      isQuoted = !isQuoted;
    } else if (!isQuoted && c === ',') {
      table.at(-1)!.push(cell);
      cell = '';
    } else if (!isQuoted && c === '\n') {
      table.at(-1)!.push(cell.replace(/\r$/, ''));
      cell = '';
      table.push([]);
    } else {
      cell += c;
    }
  }
  return table.slice(1).filter((row) => row.length > 0);
}
