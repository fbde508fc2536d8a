/**
 * Where the files of users lie in object storage: what a user has uploaded, and what was made of it. A user id may hold
 * anything, so it is encoded: it can neither leave its folder nor begin another user's.
 */
const folderName = (userId: string): string =>
  encodeURIComponent(userId.replaceAll(/\p{Surrogate}/gu, '\ufffd')).replaceAll('.', '%2E');

/** Folder of a user's objects of one kind. */
export const userFolder = (kind: string, userId: string): string => `${kind}/${folderName(userId)}/`;

/** Folder of a user's uploads. The service that lets users upload puts every file under it. */
export const uploadsFolder = (userId: string): string => userFolder('uploads', userId);

/** Folder of what was made of a user's uploads. */
export const filesFolder = (userId: string): string => userFolder('files', userId);

/** Whether a key names an object in this folder, and does not try to leave it. */
export const isInFolder = (key: string, folder: string): boolean =>
  key.startsWith(folder) && key.length > folder.length && !key.split('/').some((part) => part === '..' || part === '.');
