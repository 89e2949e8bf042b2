// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Marks an interface that offers one control function of a device, obtained by {@link
 * CameraSession#capability}. A capability lives as long as its session.
 */
@ConsumerType
public interface Capability {}
