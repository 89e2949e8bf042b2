// SPDX-License-Identifier: Apache-2.0
/**
 * The rules that a driver is held against, by what they are about.
 *
 * <p>Does: try what the contract says, and say what was seen instead. Does not: start anything but what a rule needs, or write
 * reports. Each rule can fail: itests/conformance has a driver that breaks it. Start reading at {@link
 * org.nxvms.driver.tck.rule.Rules}.
 */
package org.nxvms.driver.tck.rule;
