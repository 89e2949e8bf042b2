// SPDX-License-Identifier: Apache-2.0
package org.nxvms.cameras.control;

import org.nxvms.cameras.book.Secrets;
import org.nxvms.cameras.device.Listening;
import org.nxvms.cameras.drivers.DriverShelf;

/** Who speaks to devices, with which passwords, and who listens to them. */
public record Devices(DriverShelf shelf, Secrets secrets, Listening listening) {}
