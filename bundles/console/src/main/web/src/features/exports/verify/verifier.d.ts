// SPDX-License-Identifier: Apache-2.0

/** The verifier of `verify.html`, which lies in each package. */
declare module 'virtual:nxvms-verifier' {
  export interface Fault {
    kind:
      | 'altered'
      | 'resized'
      | 'missing'
      | 'added'
      | 'reordered'
      | 'damaged'
      | 'unsigned'
      | 'signature'
      | 'unknown_key'
      // What was given is no package as it came from the server; then it is the only fault.
      | 'not_a_package'
      | 'locked'
      | 'repacked'
      | string;
    /** Empty where it is of the whole package. */
    file: string;
    /** In English. */
    detail: string;
    fromByte?: number;
    toByte?: number;
  }

  /** As far as the page shows it; believe it of what is intact. */
  export interface Manifest {
    exportId: string;
    created: string;
    createdBy: string;
    server?: { name?: string };
    order?: { from: string; to: string; reason?: string };
    cameras?: { name: string; gaps: unknown[] }[];
  }

  /** What looking at the footage one must know of it, as the manifest says. */
  export interface Sayings {
    /** Empty when none was given. */
    reason: string;
    /** Whether the pictures are those of the range and no others. */
    exact: boolean;
    /** False when the cameras' sound was left out. */
    sound: boolean;
    /** Into every picture. */
    written: { text: string; time: boolean; user: boolean };
    /** Parts of pictures that are hidden. */
    masks: number;
    /** When pictures were taken that are not as they were recorded. */
    encoded: { camera: string; from: string; to: string }[];
  }

  export interface Report {
    faults: Fault[];
    /** SHA-256 of the public key of who signed; empty when nobody did. */
    keyId: string;
    manifest?: Manifest;
    /** Of what the manifest is read. */
    says?: Sayings;
  }

  /**
   * @param wanted the key that shall have signed; empty: any
   * @param progress told how much was read, 0..1; what it throws ends it
   */
  export function verify(file: Blob, wanted: string, progress: (part: number) => void): Promise<Report>;
}
