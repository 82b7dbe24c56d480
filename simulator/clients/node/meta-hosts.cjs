// Leads Meta's host names to the simulator's TLS port: what a line in the hosts file would do, without
// being root. Loaded before the library, which is not touched; Node's own fetch connects through here.
const tls = require('node:tls');

const port = Number(JSON.parse(process.env.WIGWAG_SIMULATOR).tls_port);
const hosts = new Set(['graph.facebook.com', 'lookaside.fbsbx.com', 'api.facebook.com']);
const connect = tls.connect;

tls.connect = (options, ...more) =>
  hosts.has(options.host)
    ? connect.call(tls, { ...options, host: '127.0.0.1', port }, ...more)
    : connect.call(tls, options, ...more);
