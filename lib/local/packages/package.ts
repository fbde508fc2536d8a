/** A component that the native engine downloads once. */
export interface Package {
  readonly name: string;
  /** Part of the folder's name: another version is another package. */
  readonly version: string;
  /** What its download comes to, about: for the progress bar. */
  readonly megabytes: number;
  readonly source: MavenSource | PipSource;
}

/** Artifacts from a Maven repository. */
export interface MavenSource {
  readonly kind: 'maven';
  readonly artifacts: readonly MavenArtifact[];
  /** `copy`: the artifacts and what they depend on, as jars; `unpack`: what is in the artifacts. */
  readonly goal: 'copy' | 'unpack';
  /** With `unpack`: Ant pattern of the files to keep. */
  readonly includes?: string;
}

export interface MavenArtifact {
  readonly groupId: string;
  readonly artifactId: string;
  readonly version: string;
  readonly type?: string;
  readonly classifier?: string;
}

/** Packages from PyPI, in a virtual environment of their own. */
export interface PipSource {
  readonly kind: 'pip';
  readonly requirements: readonly string[];
}
