import { quoted } from '../../problems/quote.ts';
import type { UsageError } from '../../settings/settings.ts';

/** Why nothing can listen at an address, and what to do, from what the system says. */
export function troubleListening(error: Error, host: string, port: number): UsageError {
  const { code = error.message } = error as NodeJS.ErrnoException;
  const otherHost = 'use --host 127.0.0.1, or --host 0.0.0.0 for all addresses of this machine';
  switch (code) {
    case 'EADDRINUSE':
      return {
        message: `port ${port} on ${host} is already in use`,
        hint: 'stop the program that uses it, or choose another --port (0 = any free one)',
      };
    case 'EADDRNOTAVAIL':
      return { message: `${quoted(host)} is not an address of this machine`, hint: otherHost };
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return { message: `no address was found for the host ${quoted(host)}`, hint: otherHost };
    case 'EACCES':
    case 'EPERM':
      return {
        message: `this user may not listen on port ${port} of ${host}`,
        hint: 'choose a --port of 1024 or higher (0 = any free one)',
      };
    default:
      return {
        message: `cannot listen on ${host}, port ${port}: ${code}`,
        hint: 'choose another --port (0 = any free one) or --host',
      };
  }
}
