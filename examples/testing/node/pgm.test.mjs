// pgwh in a test with node:test. Run: node --test
import assert from 'node:assert/strict';
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { after, test } from 'node:test';

const secret = 'the secret of the tests';
Object.assign(process.env, { PGM_WEBHOOK_SECRET: secret, PGWH_SECRET: secret, PORT: '0' });
const { server } = await import('./server.mjs'); // your receiver
if (!server.listening) await once(server, 'listening');
const url = `http://127.0.0.1:${server.address().port}/pgm`;
after(() => server.close());

// A sample event as PGM would send it; options as for `pgwh sign`.
function sign(event, ...options) {
  return JSON.parse(execFileSync('pgwh', ['sign', event, '--as', 'json', ...options], { encoding: 'utf8' }));
}

const post = (to, { headers, body }) => fetch(to, { method: 'POST', headers, body });

test('a member without a mail address is accepted', async () => {
  const response = await post(url, sign('UserModified', '--set', 'user.userEmail=null'));
  assert.equal(response.status, 200);
  assert.equal(await response.text(), 'Ok');
});

test('another secret is refused', async () => {
  const response = await post(url, sign('Test', '--secret', 'not the secret'));
  assert.equal(response.status, 401);
});

test('what we send on arrives, signed', async () => {
  const options = ['--addr', '127.0.0.1:0', '--format', 'json', '--reject-invalid'];
  const goal = ['--expect', '1', '--expect-event', 'ClassesBooked', '--timeout', '10s'];
  const listen = spawn('pgwh', ['listen', ...options, ...goal]);
  const [firstLine] = await once(listen.stdout.setEncoding('utf8'), 'data');
  const ready = JSON.parse(firstLine.split('\n')[0]);
  await post(ready.url, sign('ClassesBooked')); // in place of your code that sends requests on
  const [exitCode] = await once(listen, 'exit');
  assert.equal(exitCode, 0);
});
