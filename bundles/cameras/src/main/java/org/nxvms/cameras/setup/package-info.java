// SPDX-License-Identifier: Apache-2.0
/**
 * Adding cameras by address and login alone, and saying what works on them (ADR 111).
 *
 * <p>Does: asks the drivers who is at an address, tries what the device offers, keeps a report of it. Does not: know protocols,
 * hold sessions, touch recordings. Start reading at {@link org.nxvms.cameras.setup.Setup}.
 */
package org.nxvms.cameras.setup;
