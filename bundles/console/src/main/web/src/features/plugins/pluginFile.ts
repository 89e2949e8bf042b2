// SPDX-License-Identifier: Apache-2.0

/** Of JAR and KAR alike: how a ZIP file with something in it begins. */
const ZIP = [0x50, 0x4b, 0x03, 0x04];

/** What a thing that was let go over the page is, if it is no plugin. */
export type NoPlugin = 'several' | 'name' | 'content';

/** @returns why these cannot be a plugin, as far as a browser can tell; the server looks at what is in it */
export async function whyNoPlugin(files: readonly File[]): Promise<NoPlugin | undefined> {
  const [file] = files;
  if (!file || files.length > 1) {
    return 'several';
  }
  if (!/\.(jar|kar)$/i.test(file.name)) {
    return 'name';
  }
  try {
    const head = new Uint8Array(await file.slice(0, ZIP.length).arrayBuffer());
    return ZIP.every((byte, n) => head[n] === byte) ? undefined : 'content';
  } catch {
    // A folder has a name, too, and nothing to read.
    return 'content';
  }
}
