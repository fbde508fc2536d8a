/** The one database of a local stack, and who owns it. Nobody outside of this machine can reach it. */
export const DATABASE = { name: 'qr', user: 'qr', password: 'qr' } as const;

/** Where a database of a local stack's server is. */
export const databaseUrl = (port: number, host = 'localhost', name: string = DATABASE.name): string =>
  `postgresql://${DATABASE.user}:${DATABASE.password}@${host}:${port}/${name}`;
