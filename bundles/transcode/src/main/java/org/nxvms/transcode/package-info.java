// SPDX-License-Identifier: Apache-2.0
/**
 * Does: have streams encoded anew by the media worker while somebody watches, share each encoding among its viewers, keep their
 * number within a budget, and give places of it that are left to others. Does not: decode or encode, know rights or protocols. Start reading at {@link
 * org.nxvms.transcode.TranscodeService}.
 */
package org.nxvms.transcode;
