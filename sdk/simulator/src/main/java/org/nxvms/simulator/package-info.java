// SPDX-License-Identifier: Apache-2.0
/**
 * A farm of simulated cameras, as a library and as a program.
 *
 * <p>Does: start N RTSP cameras on this machine that show a known clip in step with the wall clock, let them speak a
 * vendor's HTTP dialect, and make them fail on demand or by script. Does not: share code with the product it tests. Start reading at {@link org.nxvms.simulator.CameraFarm}.
 */
package org.nxvms.simulator;
