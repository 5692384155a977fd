import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import {
  type AddressInfo,
  connect,
  createServer as createTcpServer,
  type Server as TcpServer,
} from 'node:net';
import type { Scheduler } from '../../src/scheduler/core.ts';
import type { Certificate } from '../support/certificate.ts';

/** Servers of a test on free ports of 127.0.0.1, which `stopServers` stops after it. */

const running: (() => Promise<void>)[] = [];

export async function stopServers(): Promise<void> {
  for (const stop of running.splice(0)) await stop();
}

export interface Local {
  readonly url: string;
  readonly port: number;
  /** `METHOD target` of each request, in order. */
  readonly seen: string[];
}

export type Answer = (request: IncomingMessage, response: ServerResponse, index: number) => void;

/** A server whose answers are given by hand; `index` counts the requests from 0. With a certificate it speaks TLS. */
export async function serve(answer: Answer, certificate?: Certificate): Promise<Local> {
  const seen: string[] = [];
  const listener = (request: IncomingMessage, response: ServerResponse): void => {
    answer(request, response, seen.push(`${request.method} ${request.url}`) - 1);
  };
  const server =
    certificate === undefined ? createServer(listener) : createSecureServer({ ...certificate }, listener);
  const port = await listen(server);
  return { url: `${certificate === undefined ? 'http' : 'https'}://127.0.0.1:${port}`, port, seen };
}

/** The answer of a scheduler that is not on a port of its own, written when `ready` says so. */
export function answerBy(
  scheduler: Scheduler,
  ready: (request: IncomingMessage) => Promise<void> = async () => {},
): Answer {
  return async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const [path = '', query = ''] = (request.url ?? '').split('?');
    const headers = Object.entries(request.headers).map(([name, value]) => [name, String(value)]);
    await ready(request);
    const answer = scheduler.handle({
      method: request.method ?? '',
      path,
      query,
      headers: Object.fromEntries(headers),
      body: Buffer.concat(chunks).toString(),
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
}

export interface ProxyOptions {
  /** Where everything goes, whatever its name: a port of 127.0.0.1. */
  readonly to: number;
  /** The only `Proxy-Authorization` that it accepts. */
  readonly authorization?: string;
  /** Answers everything with this status instead of passing it on. */
  readonly refuses?: number;
}

/** A proxy: tunnels by CONNECT, and requests with the whole URL in them. */
export async function startProxy({ to, authorization, refuses }: ProxyOptions): Promise<Local> {
  const seen: string[] = [];
  const refusal = (request: IncomingMessage): number | undefined => {
    seen.push(`${request.method} ${request.url}`);
    const unknown = authorization !== undefined && request.headers['proxy-authorization'] !== authorization;
    return unknown ? 407 : refuses;
  };
  const server = createServer((request, response) => {
    const status = refusal(request);
    if (status !== undefined) {
      response.writeHead(status, { 'content-type': 'text/html' }).end('<html><title>Proxy</title></html>');
      return;
    }
    const { pathname, search } = new URL(request.url ?? '');
    const onward = connect(to, '127.0.0.1');
    const { 'proxy-authorization': _secret, 'proxy-connection': _hop, ...headers } = request.headers;
    const lines = Object.entries({ ...headers, connection: 'close' }).map(
      ([name, value]) => `${name}: ${value}`,
    );
    onward.write(`${request.method} ${pathname}${search} HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`);
    request.on('data', (chunk) => onward.write(chunk));
    onward.pipe(response.socket as NonNullable<typeof response.socket>);
  });
  server.on('connect', (request, socket, head) => {
    socket.on('error', () => {});
    const status = refusal(request);
    if (status !== undefined) {
      socket.end(`HTTP/1.1 ${status} No\r\nconnection: close\r\n\r\n`);
      return;
    }
    const onward = connect(to, '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      onward.write(head);
      onward.pipe(socket).pipe(onward);
    });
    onward.on('error', () => socket.destroy());
  });
  const port = await listen(server);
  return { url: `http://127.0.0.1:${port}`, port, seen };
}

/** A port on which nobody listens. */
export async function freePort(): Promise<number> {
  const server = createTcpServer();
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await new Promise((closed) => server.close(closed));
  return port;
}

/** Of any kind; returns its port. */
export async function listen(server: Server | TcpServer): Promise<number> {
  const sockets = new Set<{ destroy(): unknown }>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  running.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((closed) => server.close(closed));
  });
  return (server.address() as AddressInfo).port;
}
