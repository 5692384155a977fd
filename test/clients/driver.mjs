// Runs one @io-orkes/conductor-javascript, whose folder is the argument: commands come in as JSON lines, and each is
// answered with one. {"open": {url, key, secret}} makes the client and answers the names of its methods;
// {"call": NAME, "args": […]} calls one. An object with "$" is built as the client's own class of that name. Anything
// that leaves the loopback interface ends the process.
import dns from 'node:dns';
import { createRequire } from 'node:module';
import { isIP, Socket } from 'node:net';
import { createInterface } from 'node:readline';

console.log = console.error;
stayHome();
const library = createRequire(`${process.argv[2]}/`)('@io-orkes/conductor-javascript');

function stayHome() {
  const refuse = (host) => {
    console.error(`the client wants to reach ${host}`);
    process.exit(1);
  };
  const connect = Socket.prototype.connect;
  Socket.prototype.connect = function (...args) {
    const [options] = Array.isArray(args[0]) ? args[0] : args;
    if (!isLoopback(options.host)) refuse(options.host);
    return connect.apply(this, args);
  };
  for (const home of [dns, dns.promises]) {
    const lookup = home.lookup;
    home.lookup = (host, ...rest) => (isLoopback(host) ? lookup(host, ...rest) : refuse(host));
  }
}

function isLoopback(host) {
  return host === 'localhost' || (isIP(host) === 4 && host.startsWith('127.')) || host === '::1';
}

function build(value) {
  if (Array.isArray(value)) return value.map(build);
  if (value === null || typeof value !== 'object') return value;
  const { $: name, ...rest } = value;
  const fields = Object.fromEntries(Object.entries(rest).map(([key, item]) => [key, build(item)]));
  return name === undefined ? fields : new library[name](fields);
}

async function run(command) {
  if (command.open !== undefined) {
    const { url, key, secret } = command.open;
    client = new library.SchedulerClient(
      await library.createConductorClient({ serverUrl: url, keyId: key, keySecret: secret }),
    );
    return Object.getOwnPropertyNames(library.SchedulerClient.prototype);
  }
  return client[command.call](...command.args.map(build));
}

let client;
for await (const line of createInterface({ input: process.stdin })) {
  let answer;
  try {
    answer = { returns: (await run(JSON.parse(line))) ?? null };
  } catch (error) {
    answer = { raises: error.constructor.name, status: error.status ?? null, says: error.message };
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`);
}
// The client renews its token on a timer that nothing else would end.
process.exit();
