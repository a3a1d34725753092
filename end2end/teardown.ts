import { rmSync } from 'node:fs';
import { folder } from './server';

export default function teardown() {
  rmSync(folder, { recursive: true, force: true });
}
