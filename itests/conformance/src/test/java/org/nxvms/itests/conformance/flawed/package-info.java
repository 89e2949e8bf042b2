// SPDX-License-Identifier: Apache-2.0
/**
 * Bad drivers: the one for Axis cameras, with one flaw each, named by the rule that it breaks. Packed into jars of their own by
 * FlawedJar. Start reading at {@link org.nxvms.itests.conformance.flawed.FlawedDriver}.
 */
package org.nxvms.itests.conformance.flawed;
