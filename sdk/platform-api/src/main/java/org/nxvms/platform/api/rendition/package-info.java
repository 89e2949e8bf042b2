// SPDX-License-Identifier: Apache-2.0
/**
 * Streams that are made of other streams while somebody watches: another codec, smaller pictures, fewer bits.
 *
 * <p>Does: have a rendition made, refuse what there is no room for. Does not: open readers, know rights; whoever lets somebody
 * watch asks for the rights on the camera, as for its own streams. Start reading at {@link
 * org.nxvms.platform.api.rendition.Renditions}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.platform.api.rendition;
