// SPDX-License-Identifier: Apache-2.0
/**
 * How ONVIF devices differ from what ONVIF says, by maker, model and firmware: {@code quirks.json}, for the driver {@code
 * onvif}.
 *
 * <p>Does: hand the document over. Does not: read it; the driver does, and works without it. Start reading at the document
 * and the README of this bundle.
 */
package org.nxvms.driver.onvif.quirks;
