// SPDX-License-Identifier: Apache-2.0
/**
 * The VAPIX dialect: what Axis publishes of its cameras' HTTP interface, as far as a driver needs it.
 *
 * <p>Does: parameters, device information, stream profiles, PTZ, snapshots, ports, virtual inputs, events over WebSocket,
 * time, restart. Does not: hold state of its own but parameters; the device has it. {@code docs/design/simulator.md} lists
 * what is there and where real cameras say more. Start reading at {@link org.nxvms.simulator.vapix.VapixDialect}.
 */
package org.nxvms.simulator.vapix;
