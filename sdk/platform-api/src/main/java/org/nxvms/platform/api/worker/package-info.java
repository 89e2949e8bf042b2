// SPDX-License-Identifier: Apache-2.0
/**
 * FFmpeg at arm's length.
 *
 * <p>Does: open sources, make stills and encode streams anew in processes of their own, so that hostile media or a fault of
 * the library ends a process and not the server. Does not: write into the stream hub, know cameras,
 * decide when to try again. Start reading at {@link org.nxvms.platform.api.worker.MediaWorker}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.worker;
