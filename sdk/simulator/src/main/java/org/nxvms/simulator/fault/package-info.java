// SPDX-License-Identifier: Apache-2.0
/**
 * The ways a simulated camera can misbehave, by name.
 *
 * <p>Does: name each fault, its one number and that number's range. Does not: carry any of them out. Start reading at
 * {@link org.nxvms.simulator.fault.FaultKind}.
 */
package org.nxvms.simulator.fault;
