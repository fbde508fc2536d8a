import { hostname, userInfo } from 'node:os';

/** Who works at this machine, for histories: `user@machine`. */
export const operator = (): string => {
  const { QR_OPERATOR, USER } = process.env;
  if (QR_OPERATOR !== undefined && QR_OPERATOR !== '') return QR_OPERATOR;
  return `${nameOfUser() ?? USER ?? 'unknown'}@${hostname()}`;
};

const nameOfUser = (): string | undefined => {
  try {
    return userInfo().username;
  } catch {
    // A user id without a name, as containers have.
    return undefined;
  }
};
