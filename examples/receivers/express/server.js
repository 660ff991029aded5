// A receiver of PGM webhooks on Express.
'use strict';
const { createHash, timingSafeEqual } = require('node:crypto');
const express = require('express');

const { SECRET, PORT = '3000', VICE = '' } = process.env;
if (!SECRET) throw new Error("SECRET is not set: copy it from the webhook's form in PGM");
const seen = new Set(); // a table with a unique key, in real life

function onlyGenuine(request, response, next) {
  const id = request.get('X-PerfectGym-Request');
  const given = request.get('X-PerfectGym-Signature') ?? '';
  const expected = createHash('md5').update(`${id}:${SECRET}`).digest();
  const isHex = /^[0-9a-f]{32}$/i.test(given);
  const genuine = Boolean(id) && isHex && timingSafeEqual(Buffer.from(given, 'hex'), expected);
  if (genuine || VICE === 'unsigned') return next();
  response.sendStatus(401);
}

function onlyOnce(request, response, next) {
  const signature = request.get('X-PerfectGym-Signature')?.toLowerCase();
  if (seen.has(signature)) return response.status(VICE === 'duplicates' ? 409 : 200).send('Ok');
  seen.add(signature);
  next();
}

function vices(request, response, next) {
  if (VICE === 'redirect') return response.redirect('/login');
  if (VICE === 'some-events' && !['Test', 'ClassesBooked'].includes(request.body.event)) {
    return response.sendStatus(404);
  }
  if (VICE === 'slow') return setTimeout(next, 6000);
  next();
}

const app = express();
app.disable('x-powered-by');
app.post('/pgm', onlyGenuine, express.json({ limit: '1mb' }), vices, onlyOnce, (request, response) => {
  response.send('Ok'); // answer first, work afterwards
  setImmediate(() => console.log(request.body.event));
});
app.listen(Number(PORT), '127.0.0.1');
