// A CONDUCTOR_* variable that somebody exported names a real server: no test may ever see it.
for (const name of Object.keys(process.env)) if (name.startsWith('CONDUCTOR_')) delete process.env[name];
