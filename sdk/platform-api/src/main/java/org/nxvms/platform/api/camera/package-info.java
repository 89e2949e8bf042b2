// SPDX-License-Identifier: Apache-2.0
/**
 * Cameras as administrators know them: what was configured, and how each one fares.
 *
 * <p>Does: the registry's service and facts, and the port through which they are stored. Does not:
 * media, recording files. Start reading at {@link org.nxvms.platform.api.camera.CameraRegistry}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.platform.api.camera;
