// An account of the installation, with its authenticator app: the codes are computed as on a phone.
import { createHmac } from 'node:crypto';
import type { Cookie, Page } from '@playwright/test';
import { expect } from './fixtures';

/** A key for the secrets of authenticator apps: without one the program would make a file where it stands. */
export const key = { KEYROLL_KEY: Buffer.alloc(32, 7).toString('base64') };

const seconds = 30;

function base32(text: string): Buffer {
  const letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567';
  const bits = [...text].map((letter) => letters.indexOf(letter).toString(2).padStart(5, '0')).join('');
  return Buffer.from((bits.match(/.{8}/g) ?? []).map((byte) => parseInt(byte, 2)));
}

export class LocalAccount {
  private secret: Buffer | undefined;
  private used = 0;
  private cookies: Cookie[] | undefined;

  constructor(
    readonly name: string,
    readonly password: string,
  ) {}

  /** RFC 6238. Each is good once: the next period's is taken where this one's was used, as soon as it may be. */
  private async code(): Promise<string> {
    const now = () => Math.floor(Date.now() / 1000 / seconds);
    const period = Math.max(now(), this.used + 1);
    await expect.poll(now, { timeout: 2 * seconds * 1000 }).toBeGreaterThanOrEqual(period - 1);
    this.used = period;
    const counter = Buffer.alloc(8);
    counter.writeBigUInt64BE(BigInt(period));
    const tag = createHmac('sha1', this.secret!).update(counter).digest();
    const four = tag.readUInt32BE(tag[19]! & 15) & 0x7fffffff;
    return String(four % 1_000_000).padStart(6, '0');
  }

  /** Fills the form of the sign-in page. */
  async givePassword(page: Page) {
    await page.locator('input[name=user_name]').fill(this.name);
    await page.locator('input[name=password]').fill(this.password);
    await page.locator('form[action="/sign-in"] button[type=submit]').click();
    await expect(page).toHaveURL(/second-step/);
  }

  /** Reads the secret where one is shown, and gives a code. */
  async giveCode(page: Page) {
    const shown = page.locator('.secret');
    if (await shown.isVisible()) {
      this.secret = base32((await shown.innerText()).replaceAll(' ', ''));
      this.used = 0;
    }
    await page.locator('input[name=code]').fill(await this.code());
    await page.locator('form:has(input[name=code]) button[type=submit]').click();
  }

  /** By the form, which the page shows. */
  async signIn(page: Page) {
    await this.givePassword(page);
    await this.giveCode(page);
    await expect(page).not.toHaveURL(/second-step/);
    this.cookies = await page.context().cookies();
  }

  /** The session of the last sign-in, or a new one; and a page. */
  async open(page: Page, url: string) {
    if (this.cookies) {
      await page.context().addCookies(this.cookies);
      await page.goto(url);
      return;
    }
    const { origin, pathname, search } = new URL(url);
    await page.goto(`${origin}/sign-in?return_to=${encodeURIComponent(pathname + search)}`);
    await this.signIn(page);
  }
}
