// SPDX-License-Identifier: Apache-2.0
/**
 * x
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.media;
