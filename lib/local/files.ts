import { join } from 'node:path';
import type { EngineName } from './engine.ts';
import type { StackPaths } from './paths.ts';
import { SERVICES } from './services/index.ts';

/** Where the files of a stack are, by the name of a service, `functions` or `console`; nothing where Docker keeps them. */
export interface Files {
  readonly folderOf: (name: string) => string | undefined;
  readonly logOf: (name: string) => string | undefined;
}

/** The files of a stack; those of its services are on Docker's own disk where it runs there. */
export const filesOf = (paths: StackPaths, engine: EngineName | undefined): Files => {
  const isService = (name: string): boolean => SERVICES.some((service) => service.name === name);
  return {
    folderOf: (name) => {
      if (!isService(name)) return paths.root;
      return engine === 'docker' ? undefined : join(paths.data, name);
    },
    logOf: (name) => (engine === 'docker' && isService(name) ? undefined : join(paths.logs, `${name}.log`)),
  };
};
