// Microsoft's client for JavaScript against a server, over TLS: it sends no token over plain HTTP.
//
// Run by `cargo xtask test`; KEYROLL names the program. The first process makes a certificate and starts the server, the
// second trusts it and is the client.
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import assert from 'node:assert/strict';
import { Client, PageIterator } from '@microsoft/microsoft-graph-client';
import selfsigned from 'selfsigned';

const program = process.env.KEYROLL;

async function serve() {
  const folder = mkdtempSync(join(tmpdir(), 'keyroll-client-'));
  const env = { ...process.env, DATABASE_URL: `sqlite:${join(folder, 'keyroll.db')}` };
  const keyroll = (...args) => execFileSync(program, args, { env, cwd: folder, encoding: 'utf8' }).trim();
  const names = { name: 'subjectAltName', altNames: [{ type: 2, value: 'localhost' }, { type: 7, ip: '127.0.0.1' }] };
  const pair = await selfsigned.generate([{ name: 'commonName', value: 'localhost' }], {
    keySize: 2048,
    algorithm: 'sha256',
    extensions: [{ name: 'basicConstraints', cA: true }, names],
  });
  const [certificate, key] = [join(folder, 'certificate.pem'), join(folder, 'key.pem')];
  writeFileSync(certificate, pair.cert);
  writeFileSync(key, pair.private);
  let server;
  try {
    keyroll('generate', '--users', '120', '--sign-ins', '300', '--days', '10', '--seed', '4', '--out', 'files');
    keyroll('import', ...readdirSync(join(folder, 'files')).sort().map((name) => join('files', name)));
    const token = keyroll('token', 'create', '--role', 'security-reader', '--name', 'client');
    const tls = ['--tls-cert', certificate, '--tls-key', key];
    server = spawn(program, ['serve', '--listen', '127.0.0.1:0', ...tls], { env, cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let root;
    for await (const line of createInterface({ input: server.stdout })) {
      if (line.startsWith('Keyroll is at ')) {
        root = line.slice('Keyroll is at '.length).trim();
        break;
      }
    }
    assert.match(root, /^https:\/\//);
    const client = { ...process.env, NODE_EXTRA_CA_CERTS: certificate, CLIENT_OF: root, TOKEN: token };
    const done = spawnSync(process.execPath, [fileURLToPath(import.meta.url)], { env: client, stdio: 'inherit' });
    process.exitCode = done.status ?? 1;
  } finally {
    if (server) {
      const ended = new Promise((resolve) => server.once('exit', resolve));
      server.kill('SIGTERM');
      await ended;
    }
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ask(root, token) {
  const client = Client.init({
    baseUrl: `${root}/`,
    defaultVersion: 'v1.0',
    customHosts: new Set([new URL(root).hostname]),
    authProvider: (done) => done(null, token),
  });
  const api = async (path) => (await fetch(root + path, { headers: { authorization: `Bearer ${token}` } })).json();
  const all = async (request) => {
    const found = [];
    await new PageIterator(client, await request.get(), (one) => found.push(one) > 0).iterate();
    return found;
  };
  const details = '/reports/authenticationMethods/userRegistrationDetails';
  const [members, guests] = [await api('/api/v1/users?population=members'), await api('/api/v1/users?population=guests')];
  const users = await all(client.api(details).top(25));
  assert.equal(users.length, members.total + guests.total);
  const capable = await all(client.api(details).filter("isMfaCapable eq true and startswith(userPrincipalName,'a')").top(3));
  const expected = users.filter((user) => user.isMfaCapable === true && user.userPrincipalName.toLowerCase().startsWith('a'));
  assert.deepEqual(capable.map((user) => user.id).sort(), expected.map((user) => user.id).sort());
  const signIns = await all(client.api('/auditLogs/signIns').version('beta').filter('status/errorCode ne 0').top(10));
  assert.ok(signIns.length > 10 && signIns.every((signIn) => signIn.status.errorCode !== 0));
  const one = await client.api(`/auditLogs/signIns/${signIns[0].id}`).version('beta').get();
  assert.deepEqual(one.authenticationDetails, signIns[0].authenticationDetails);
  const usage = await client.api("/reports/getCredentialUsageSummary(period='D7')").version('beta').get();
  assert.ok(usage.value.length > 0);
  const batch = await client.api('/$batch').post({ requests: [{ id: '1', method: 'GET', url: '/users?$top=1' }] });
  assert.equal(batch.responses[0].status, 200);
  await assert.rejects(client.api('/auditLogs/signIns').filter('id eq').get(), (error) => {
    assert.deepEqual([error.statusCode, error.code], [400, 'BadRequest']);
    return true;
  });
  console.log('@microsoft/microsoft-graph-client: lists, pages and filters over TLS');
}

await (process.env.CLIENT_OF ? ask(process.env.CLIENT_OF, process.env.TOKEN) : serve());
