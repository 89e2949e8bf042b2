// SPDX-License-Identifier: Apache-2.0
/**
 * Supervision: makes ingest and recorder wish for what the configuration asks, and says how it fares.
 *
 * <p>Does: contact with drivers, back-off, desired state, status, probes. Does not: hold media sessions:
 * those are the ingest's, and go on while this bundle or a driver is replaced. Start reading at {@link
 * org.nxvms.cameras.control.Supervisor}.
 *
 * <p>Threads: one control thread changes all cameras' state and never blocks; contacts with devices
 * block on a small pool and post their result back. Status is composed on the caller's thread.
 */
package org.nxvms.cameras.control;
