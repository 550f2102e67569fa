// Loaded before a program: at SIGUSR2, it rejects a promise that nobody waits for.
process.on('SIGUSR2', () => void Promise.reject(new Error('nobody waits for this')));
