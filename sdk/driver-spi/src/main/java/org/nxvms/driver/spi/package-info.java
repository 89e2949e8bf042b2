// SPDX-License-Identifier: Apache-2.0
/**
 * Contract between the platform and a camera driver bundle.
 *
 * <p>Does: lets a driver say who a device is, which streams it has and where they are, and offer
 * control functions as capabilities. Does not: carry media. A driver returns a {@link
 * org.nxvms.driver.spi.StreamEndpoint} and the platform holds the media session, so that replacing a
 * driver costs no frame. Start reading at {@link org.nxvms.driver.spi.CameraDriver}.
 *
 * <p><b>How it grows.</b> New functions come as new {@link org.nxvms.driver.spi.Capability} interfaces or as default
 * methods; neither breaks a driver built against an older 1.x, and an older platform never asks for what it does not know.
 * The policy is in docs/compatibility.md.
 *
 * <p><b>Life cycle.</b> {@code open -> (identity | streams | capability and its calls)* -> close}. The platform has several
 * sessions with one device at times, each with a purpose of its own: a short one that asks for the streams, one for control
 * functions that is closed when unused for a while, one for the events, one for each talk and each fetch of a recording. None
 * is used after its close, and each is closed when the driver's service goes.
 *
 * <p><b>Threads.</b> A session, with its capabilities, is used by one thread at a time, not always the same. A driver needs no
 * thread of its own. Nothing here is called per frame. Events alone may be waited for without a thread: {@link
 * org.nxvms.driver.spi.DeviceEvents.AsyncFeed}.
 *
 * <p><b>Time.</b> Each call may block up to {@link org.nxvms.driver.spi.DeviceTarget#timeoutMs()}, but for {@link
 * org.nxvms.driver.spi.CameraSession#capability} and what is said to be without I/O, which return at once. A call that does
 * not return in time is interrupted, its result dropped and its session closed when it does return; until then the camera's
 * control functions answer BUSY. A driver that does so with many cameras is asked nothing more until it returns.
 *
 * <p><b>Errors.</b> A {@link org.nxvms.driver.spi.DriverException} whose kind decides what the platform does next and whose
 * message goes to people. Anything else that is thrown counts as a fault of the driver, kind PROTOCOL. After a failure the
 * platform closes the session, but for the kinds CONFIG, UNSUPPORTED, BUSY and NOT_FOUND, which are about the request.
 *
 * <p><b>Values.</b> Nothing is null. Lists, maps and sets are copied when they are handed over. What a driver hands out must
 * be of this contract or of the JDK, so that nothing keeps its class loader.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.9.0")
package org.nxvms.driver.spi;
