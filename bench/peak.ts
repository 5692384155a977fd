/** Loaded before a program: at its end it tells the most memory that the process ever held. */
process.on('exit', () => process.stderr.write(`peak ${process.resourceUsage().maxRSS} KiB\n`));
