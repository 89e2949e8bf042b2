// SPDX-License-Identifier: Apache-2.0
/**
 * What tests of several rooms need in the same way.
 *
 * <p>Does: contracts of the platform that can be looked at afterwards, a hash as its standard writes it, and waiting for a
 * state. Does not: know a room; stand in for what a test is about. In scope test only: a law holds that nothing at run time has it. Start reading at {@link
 * org.nxvms.test.kit.Awaiting}.
 */
package org.nxvms.test.kit;
