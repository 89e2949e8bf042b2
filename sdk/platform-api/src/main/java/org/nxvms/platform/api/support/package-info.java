// SPDX-License-Identifier: Apache-2.0
/**
 * What is handed to who helps with a server that is not well.
 *
 * <p>Does: write it, the whiteboard interface of a part of it. Does not: collect anything all the time, send it anywhere. Start
 * reading at {@link org.nxvms.platform.api.support.SupportBundles}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.support;
