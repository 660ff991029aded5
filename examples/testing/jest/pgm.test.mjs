// pgwh in a test with Jest. Run: npm test
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';

const secret = 'the secret of the tests';
let server, url;

// A sample event as PGM would send it; options as for `pgwh sign`. Jest's process.env is its own:
// child processes need it passed on.
function sign(event, ...options) {
  return JSON.parse(execFileSync('pgwh', ['sign', event, '--as', 'json', ...options], { encoding: 'utf8', env: process.env }));
}

const post = (to, { headers, body }) => fetch(to, { method: 'POST', headers, body });

beforeAll(async () => {
  Object.assign(process.env, { PGM_WEBHOOK_SECRET: secret, PGWH_SECRET: secret, PORT: '0' });
  ({ server } = await import('./server.mjs')); // your receiver
  if (!server.listening) await once(server, 'listening');
  url = `http://127.0.0.1:${server.address().port}/pgm`;
});
afterAll(() => server.close());

test('a member without a mail address is accepted', async () => {
  const response = await post(url, sign('UserModified', '--set', 'user.userEmail=null'));
  expect(response.status).toBe(200);
  expect(await response.text()).toBe('Ok');
});

test('another secret is refused', async () => {
  const response = await post(url, sign('Test', '--secret', 'not the secret'));
  expect(response.status).toBe(401);
});

test('what we send on arrives, signed', async () => {
  const options = ['--addr', '127.0.0.1:0', '--format', 'json', '--reject-invalid'];
  const goal = ['--expect', '1', '--expect-event', 'ClassesBooked', '--timeout', '10s'];
  const listen = spawn('pgwh', ['listen', ...options, ...goal], { env: process.env });
  const [firstLine] = await once(listen.stdout.setEncoding('utf8'), 'data');
  const ready = JSON.parse(firstLine.split('\n')[0]);
  await post(ready.url, sign('ClassesBooked')); // in place of your code that sends requests on
  const [exitCode] = await once(listen, 'exit');
  expect(exitCode).toBe(0);
});
