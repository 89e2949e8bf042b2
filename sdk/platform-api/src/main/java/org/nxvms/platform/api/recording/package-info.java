// SPDX-License-Identifier: Apache-2.0
/**
 * What shall be recorded, and whether it is.
 *
 * <p>Does: the recorder's service. Does not: say how footage lies on disk (archive). Start reading at
 * {@link org.nxvms.platform.api.recording.Recorder}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.recording;
