// Where the program under test is and what it listens on. Workers inherit what the first process decides.
import { execFileSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const findPort = "const s = require('net').createServer().listen(0, '127.0.0.1', () => { console.log(String(s.address().port)); s.close(); })";

export const freePort = () => execFileSync(process.execPath, ['-e', findPort], { encoding: 'utf8' }).trim();

const port = (process.env.E2E_PORT ??= freePort());
export const folder = (process.env.E2E_FOLDER ??= mkdtempSync(join(tmpdir(), 'keyroll-end2end-')));
export const program = process.env.KEYROLL ?? resolve(__dirname, '../target/release/keyroll');

export const server = {
  url: `http://127.0.0.1:${port}`,
  command: `"${program}" serve --demo --listen 127.0.0.1:${port}`,
  database: `sqlite:${join(folder, 'demo.db')}`,
};

// No browser is downloaded: the system's Chromium, kept quiet and offline.
export const chromium = {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: [
    '--no-sandbox',
    '--disable-gpu',
    '--disable-dev-shm-usage',
    '--disable-background-networking',
    '--disable-component-update',
    '--disable-sync',
    '--no-first-run',
    '--disable-default-apps',
    '--disable-extensions',
    '--disable-features=Translate,OptimizationHints,MediaRouter',
  ],
};
