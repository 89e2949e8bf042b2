// SPDX-License-Identifier: Apache-2.0
package org.nxvms.driver.spi;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * Marks an interface that offers one control function of a device, obtained by {@link CameraSession#capability}. A
 * capability lives as long as its session and obeys the rules of the package for threads, time and errors: each call is
 * made by the thread that has the session, may block up to {@link DeviceTarget#timeoutMs()}, and fails with a {@link
 * DriverException}. What it hands out are values of this contract.
 */
@ConsumerType
public interface Capability {}
