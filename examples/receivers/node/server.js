// A receiver of PGM webhooks on Node's own http server.
'use strict';
const { createHash, timingSafeEqual } = require('node:crypto');
const http = require('node:http');

const { SECRET, PORT = '3000', VICE = '' } = process.env;
if (!SECRET) throw new Error("SECRET is not set: copy it from the webhook's form in PGM");
const seen = new Set(); // a table with a unique key, in real life

function isGenuine(headers) {
  const id = headers['x-perfectgym-request'];
  const given = headers['x-perfectgym-signature'];
  if (!id || !/^[0-9a-f]{32}$/i.test(given ?? '')) return false;
  const expected = createHash('md5').update(`${id}:${SECRET}`).digest();
  return timingSafeEqual(Buffer.from(given, 'hex'), expected);
}

function handle(headers, body) {
  if (!isGenuine(headers) && VICE !== 'unsigned') return 401;
  let envelope;
  try {
    envelope = JSON.parse(body);
  } catch {
    return 400;
  }
  if (VICE === 'redirect') return 302;
  if (VICE === 'some-events' && !['Test', 'ClassesBooked'].includes(envelope.event)) return 404;
  const signature = headers['x-perfectgym-signature']?.toLowerCase();
  if (seen.has(signature)) return VICE === 'duplicates' ? 409 : 200;
  seen.add(signature);
  setImmediate(() => console.log(envelope.event)); // answer first, work afterwards
  return 200;
}

const server = http.createServer((request, response) => {
  const chunks = [];
  request.on('data', (chunk) => chunks.push(chunk));
  request.on('end', () => {
    const status = handle(request.headers, Buffer.concat(chunks).toString('utf8'));
    const answer = () => response.writeHead(status, status === 302 ? { Location: '/login' } : {}).end(status === 200 ? 'Ok' : '');
    if (VICE === 'slow') setTimeout(answer, 6000);
    else answer();
  });
});
server.listen(Number(PORT), '127.0.0.1');
