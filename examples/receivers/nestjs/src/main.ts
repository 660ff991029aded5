// Receives Perfect Gym webhooks with NestJS.
import 'reflect-metadata';
import { createHash, timingSafeEqual } from 'node:crypto';
import { Body, CanActivate, Controller, ExecutionContext, HttpCode, Injectable, Module, Post, Req } from '@nestjs/common';
import { UnauthorizedException, UseGuards } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import type { Request } from 'express';

const { PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD, PORT = '3000' } = process.env;
if (!PGM_WEBHOOK_SECRET) throw new Error("set PGM_WEBHOOK_SECRET to the webhook's secret in PGM");
// The old secret is accepted too while the secret is being changed.
const secrets = [PGM_WEBHOOK_SECRET, PGM_WEBHOOK_SECRET_OLD].filter(Boolean);

// headersDistinct keeps repeated headers apart; a comma means that a proxy joined them.
const header = (request: Request, name: string) => request.headersDistinct[name]?.join(',') ?? '';

@Injectable()
class PgmSignatureGuard implements CanActivate {
  canActivate(context: ExecutionContext): boolean {
    const request = context.switchToHttp().getRequest<Request>();
    const id = header(request, 'x-perfectgym-request');
    const signature = header(request, 'x-perfectgym-signature');
    if (!/^[ -~]+$/.test(id) || id.includes(',') || !/^[0-9a-f]{32}$/i.test(signature)) throw new UnauthorizedException();
    const received = Buffer.from(signature, 'hex');
    const md5 = (secret?: string) => createHash('md5').update(`${id}:${secret}`).digest();
    if (!secrets.some((secret) => timingSafeEqual(md5(secret), received))) throw new UnauthorizedException();
    return true;
  }
}

type Envelope = { event: string; triggeredDate: string; data?: { userId?: number | null } | null };

@Controller('pgm')
class PgmController {
  // Signatures of the latest requests: PGM sends a request again with the same one. A table with
  // a unique key would survive a restart and serve several processes.
  private readonly seen = new Set<string>();

  @Post()
  @HttpCode(200)
  @UseGuards(PgmSignatureGuard)
  receive(@Req() request: Request, @Body() envelope: Envelope): string {
    const signature = header(request, 'x-perfectgym-signature').toLowerCase();
    if (!this.seen.has(signature)) setImmediate(() => this.work(envelope).catch(console.error));
    if (this.seen.add(signature).size > 10_000) this.seen.delete(this.seen.values().next().value!);
    return 'Ok'; // respond first, work later: PGM allows 5 seconds
  }

  private async work({ event, data }: Envelope): Promise<void> {
    // Ignore Test and events you do not know; any field may be null.
    console.log(event, data?.userId ?? '');
  }
}

@Module({ controllers: [PgmController] })
class AppModule {}

const app = await NestFactory.create(AppModule, { logger: ['error', 'warn'] });
await app.listen(Number(PORT), '127.0.0.1');
