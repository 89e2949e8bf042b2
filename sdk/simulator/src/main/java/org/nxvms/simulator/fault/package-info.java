// SPDX-License-Identifier: Apache-2.0
/**
 * The ways a simulated camera can misbehave, by name, and scripts of them.
 *
 * <p>Does: name each fault, say what it does, its one number and that number's range; hold a script of faults by the
 * clock. Does not: carry any of them out. Start reading at {@link org.nxvms.simulator.fault.FaultKind}.
 */
package org.nxvms.simulator.fault;
