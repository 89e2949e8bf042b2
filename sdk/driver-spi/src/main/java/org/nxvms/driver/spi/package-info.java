// SPDX-License-Identifier: Apache-2.0
/**
 * Contract between the platform and a camera driver bundle.
 *
 * <p>Does: lets a driver say who a device is, which streams it has and where they are, and offer
 * control functions as capabilities. Does not: carry media. A driver returns a {@link
 * org.nxvms.driver.spi.StreamEndpoint} and the platform holds the media session, so that replacing a
 * driver costs no frame. Start reading at {@link org.nxvms.driver.spi.CameraDriver}.
 *
 * <p>How it grows: new functions come as new {@link org.nxvms.driver.spi.Capability} interfaces (PTZ,
 * events, imaging, digital I/O, audio out, edge recordings) or as default methods; neither breaks a
 * driver built against an older 1.x.
 *
 * <p>Threads: the platform calls a session from one control thread at a time; calls may block up to
 * the time limit they name. Nothing here is called per frame.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.1.0")
package org.nxvms.driver.spi;
