// SPDX-License-Identifier: Apache-2.0
/**
 * Whom the server may be told to speak to.
 *
 * <p>Does: judge hosts and addresses that people, devices and providers give it. Does not: look names up, connect. Start
 * reading at {@link org.nxvms.platform.api.network.AddressRule}.
 */
@org.osgi.annotation.bundle.Export
@org.osgi.annotation.versioning.Version("1.0.0")
package org.nxvms.platform.api.network;
