// SPDX-License-Identifier: Apache-2.0
// Puts the mock server into Vite's: what the console asks for is answered by MSW's handlers within Vite's own process, so
// cookies, ranges, event streams and WebSockets are those of a real connection, and the page is the product's unchanged.
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { Readable } from 'node:stream';
import type { ReadableStream as NodeStream } from 'node:stream/web';
import { getResponse, type RequestHandler } from 'msw';
import type { Connect, Plugin } from 'vite';
import { WebSocketServer } from 'ws';
import { handlersOf } from './handlers';
import { userOf } from './handlers/entry';
import { serveLive } from './live';
import { loadMedia, type Media } from './media';
import { World } from './world';

const OURS = /^\/(api|media|console\/ext)\//;
const LIVE = /^\/ws\/v1\/live\/([^/?]+)$/;
const CAMERAS = Number(process.env.CAMERAS ?? 18);
const EVENTS = Number(process.env.EVENTS ?? 120);

interface Mock {
  world: World;
  media: Media;
  handlers: RequestHandler[];
}

export function mockServer(): Plugin {
  const begin = async (middlewares: Connect.Server, http: Server | null) => {
    const media = await loadMedia();
    const world = new World({
      nowMs: Date.now(),
      cameras: CAMERAS,
      events: EVENTS,
      footage: media,
      extended: true,
    });
    const mock = { world, media, handlers: handlersOf(world) };
    middlewares.use((request, response, next) => {
      if (OURS.test(request.url ?? '')) {
        answer(mock, request, response).catch(next);
      } else {
        next();
      }
    });
    http?.on('upgrade', upgrade(mock));
  };
  return {
    name: 'nxvms-mock-server',
    configureServer: ({ middlewares, httpServer }) => begin(middlewares, httpServer as Server | null),
    configurePreviewServer: ({ middlewares, httpServer }) => begin(middlewares, httpServer as Server),
  };
}

/** As the handlers get it. */
function asRequest(request: IncomingMessage): Request {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value !== undefined) {
      headers.set(name, Array.isArray(value) ? value.join(', ') : value);
    }
  }
  const { method = 'GET' } = request;
  const sent = method !== 'GET' && method !== 'HEAD';
  return new Request(`http://${request.headers.host}${request.url}`, {
    method,
    headers,
    ...(sent ? { body: Readable.toWeb(request) as ReadableStream, duplex: 'half' } : {}),
  } as RequestInit);
}

async function answer({ handlers }: Mock, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const found =
    (await getResponse(handlers, asRequest(request))) ??
    Response.json(
      {
        type: '/problems/not-found',
        title: 'Not found',
        status: 404,
        detail: `The mock server does not know ${request.method} ${request.url}.`,
      },
      { status: 404, headers: { 'Content-Type': 'application/problem+json' } },
    );
  response.statusCode = found.status;
  found.headers.forEach((value, name) => {
    if (name !== 'set-cookie') {
      response.setHeader(name, value);
    }
  });
  const cookies = found.headers.getSetCookie();
  if (cookies.length > 0) {
    response.setHeader('Set-Cookie', cookies);
  }
  if (!found.body) {
    response.end();
    return;
  }
  response.flushHeaders();
  const body = Readable.fromWeb(found.body as NodeStream);
  // Whoever goes away ends what was being made for them.
  response.on('close', () => body.destroy());
  body.on('error', () => response.destroy());
  body.pipe(response);
}

function upgrade({ world, media }: Mock) {
  const sockets = new WebSocketServer({ noServer: true });
  return (request: IncomingMessage, socket: Socket, head: Buffer) => {
    const url = new URL(request.url ?? '/', 'http://mock');
    const [, cameraId] = LIVE.exec(url.pathname) ?? [];
    if (cameraId === undefined) {
      // Vite's own, for exchanging modules.
      return;
    }
    if (!userOf(world, asRequest(request))) {
      socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n');
      return;
    }
    sockets.handleUpgrade(request, socket, head, (client) =>
      serveLive(client, world.site, media, cameraId, url.searchParams.get('stream') ?? 'main'),
    );
  };
}
